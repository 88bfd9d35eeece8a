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

// On a phone a row stands as lines, each with the name of its column: nothing is out of sight to the right.
const cellClass =
  'align-top max-sm:static! max-sm:flex max-sm:w-auto! max-sm:min-w-0! max-sm:max-w-none! max-sm:gap-3 max-sm:px-4 max-sm:py-1 max-sm:text-left sm:px-3 sm:py-2.5 sm:first:pl-4 sm:last:pr-4'
const labelClass =
  'max-sm:before:w-24 max-sm:before:shrink-0 max-sm:before:text-ink-3 max-sm:before:text-xs max-sm:before:leading-5 max-sm:before:content-[attr(data-label)]'

export function DataTable<T extends RowData>({ caption, columns, rows, rowId }: Props<T>) {
  const table = useTable({ features, columns, data: rows, getRowId: rowId })
  const body = useRef<HTMLTableSectionElement>(null)
  useRowKeys(body)

  return (
    <div className="card relative overflow-x-auto">
      <table className="w-full border-collapse text-left max-sm:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="max-sm:sr-only">
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
        <tbody ref={body} className="max-sm:block">
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              className="border-b bg-surface transition-colors last:border-b-0 focus-within:bg-hover hover:bg-hover max-sm:block max-sm:py-2"
            >
              {row.getAllCells().map((cell, index) => {
                const { header, meta } = cell.column.columnDef
                const label = index > 0 && !meta?.srOnlyHeader && typeof header === 'string' ? header : null
                return (
                  <td
                    key={cell.id}
                    data-label={label}
                    className={cx(cellClass, label !== null && labelClass, meta?.className)}
                  >
                    <div className="min-w-0 max-sm:flex-1 sm:contents">
                      <table.FlexRender cell={cell} />
                    </div>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
