'use client'
import { type ColumnDef, type RowData, tableFeatures, useTable } from '@tanstack/react-table'
import { useRef } from 'react'
import { cx } from './cx'
import { useRowKeys } from './use-row-keys'

type ColumnLook = { className?: string; srOnlyHeader?: boolean }

/** Rows come searched and paged from the server: the core row model is all a table needs. */
const features = tableFeatures({ columnMeta: {} as ColumnLook })

// biome-ignore lint/suspicious/noExplicitAny: a column's value type differs per column, as in TanStack's own helper
export type Columns<T extends RowData> = ColumnDef<typeof features, T, any>[]

type Props<T extends RowData> = {
  caption: string
  columns: Columns<T>
  rows: T[]
  rowId: (row: T) => string
}

export function DataTable<T extends RowData>({ caption, columns, rows, rowId }: Props<T>) {
  const table = useTable({ features, columns, data: rows, getRowId: rowId })
  const body = useRef<HTMLTableSectionElement>(null)
  useRowKeys(body)

  return (
    <div className="card relative overflow-x-auto">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{caption}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b bg-surface">
              {group.headers.map((header) => {
                const look = header.column.columnDef.meta
                return (
                  <th
                    key={header.id}
                    scope="col"
                    className={cx(
                      'h-9 whitespace-nowrap px-3 font-medium text-ink-3 text-xs first:pl-4 last:pr-4',
                      look?.className,
                    )}
                  >
                    <span className={look?.srOnlyHeader ? 'sr-only' : undefined}>
                      <table.FlexRender header={header} />
                    </span>
                  </th>
                )
              })}
            </tr>
          ))}
        </thead>
        <tbody ref={body}>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              className="border-b bg-surface transition-colors last:border-b-0 focus-within:bg-hover hover:bg-hover"
            >
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  className={cx(
                    'px-3 py-2.5 align-top first:pl-4 last:pr-4',
                    cell.column.columnDef.meta?.className,
                  )}
                >
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
