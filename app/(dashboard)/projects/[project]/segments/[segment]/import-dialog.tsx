'use client'
import { FileUp } from 'lucide-react'
import { type DragEvent, useId, useMemo, useState } from 'react'
import { Button, buttonClass } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { Dialog } from '@/app/_ui/dialog'
import { FieldError } from '@/app/_ui/field'
import { Segmented } from '@/app/_ui/segmented'
import { Select } from '@/app/_ui/select'
import { Switch } from '@/app/_ui/switch'
import { plural } from '@/lib/plural'
import { describeTaken, looksLikeHeadings, takeColumn } from './import'

const MOST_BYTES = 10_000_000 // ten times what one save takes: more is not a list of ids
const PREVIEWED = 3

type Sheet = { name: string; rows: string[][] }

/** A file as rows of cells, or why it cannot be read. */
async function readFile(file: File): Promise<Sheet | string> {
  if (file.size > MOST_BYTES) return `${file.name} is larger than 10 MB: split it`
  const text = (await file.text()).replace(/^\uFEFF/, '')
  if (text.includes('\u0000') || text.includes('\uFFFD'))
    return `${file.name} is not text in UTF-8: save it as “CSV UTF-8”`
  const { default: papa } = await import('papaparse')
  const rows = papa.parse<string[]>(text, { skipEmptyLines: 'greedy' }).data
  return rows.length === 0 ? `${file.name} is empty` : { name: file.name, rows }
}

const modes = [
  { value: 'add', label: 'Add to the list' },
  { value: 'replace', label: 'Replace the list' },
] as const

type Props = {
  label: string
  by: string
  ids: readonly string[]
  onTake: (ids: string[]) => void
  onClose: () => void
}

/** Reads ids from a CSV file: which column, and what becomes of each row, before anything is taken over. */
export function ImportDialog({ label, by, ids, onTake, onClose }: Props) {
  const [sheet, setSheet] = useState<Sheet | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [column, setColumn] = useState(0)
  const [headings, setHeadings] = useState(false)
  const [mode, setMode] = useState<'add' | 'replace'>('add')

  const open = async (file: File | undefined) => {
    if (!file) return
    const read = await readFile(file)
    setProblem(typeof read === 'string' ? read : null)
    if (typeof read === 'string') return
    const [first = []] = read.rows
    const named = looksLikeHeadings(first, by)
    setHeadings(named)
    setColumn(Math.max(0, named ? first.findIndex((cell) => looksLikeHeadings([cell], by)) : 0))
    setSheet(read)
  }
  const base = mode === 'add' ? ids : []
  const taken = useMemo(
    () => sheet && takeColumn(headings ? sheet.rows.slice(1) : sheet.rows, column, base),
    [sheet, headings, column, base],
  )
  return (
    <Dialog
      open
      shape="wide"
      onClose={onClose}
      title={`${label}: from a CSV file`}
      description="One id a row. The file is read here; nothing is saved before you have reviewed it."
      onSubmit={() => taken && taken.added.length > 0 && onTake([...base, ...taken.added])}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            disabledReason={
              !taken ? 'Choose a file first' : taken.added.length === 0 && 'There is nobody to add'
            }
          >
            {taken && taken.added.length > 0
              ? `${mode === 'add' ? 'Add' : 'Replace with'} ${taken.added.length.toLocaleString('en')}`
              : 'Add'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <FileDrop onFile={open} name={sheet?.name ?? null} />
        {problem && <FieldError>{problem}</FieldError>}
        {sheet && taken && (
          <>
            <div className="flex flex-wrap items-end gap-x-6 gap-y-4">
              {Math.max(...sheet.rows.slice(0, 100).map((row) => row.length)) > 1 && (
                <div className="flex flex-col gap-1.5">
                  <span className="font-medium text-sm">Column</span>
                  <Columns sheet={sheet} headings={headings} value={column} onChange={setColumn} />
                </div>
              )}
              <div className="flex h-8 items-center gap-2">
                <Switch label="The first row names the columns" checked={headings} onChange={setHeadings} />
                <span className="text-sm">The first row names the columns</span>
              </div>
              {ids.length > 0 && (
                <Segmented label="What to do" value={mode} choices={modes} onChange={setMode} />
              )}
            </div>
            <section aria-label="What becomes of the file" role="status">
              <p className="text-lg">
                <strong className="font-semibold">{plural(taken.added.length, 'id')}</strong> to add
                {mode === 'replace' && `, in place of ${ids.length.toLocaleString('en')}`}
              </p>
              {taken.added.length > 0 && (
                <p className="truncate text-ink-2 text-sm">
                  {taken.added.slice(0, PREVIEWED).join(', ')}
                  {taken.added.length > PREVIEWED && ' …'}
                </p>
              )}
              <ul className="mt-2 flex flex-col gap-0.5 text-ink-2">
                {describeTaken(taken).map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </section>
          </>
        )}
      </div>
    </Dialog>
  )
}

function Columns({
  sheet,
  headings,
  value,
  onChange,
}: {
  sheet: Sheet
  headings: boolean
  value: number
  onChange: (column: number) => void
}) {
  const [first = [], second = []] = sheet.rows
  const sample = headings ? second : first
  const labelOf = (i: number) =>
    headings ? `${first[i] || `Column ${i + 1}`}: ${sample[i] ?? ''}` : `Column ${i + 1}: ${sample[i] ?? ''}`
  return (
    <Select
      label="Column"
      value={String(value)}
      choices={first.map((_, i) => ({ value: String(i), label: labelOf(i).slice(0, 60) }))}
      onChange={(next) => onChange(Number(next))}
    />
  )
}

function FileDrop({ onFile, name }: { onFile: (file: File | undefined) => void; name: string | null }) {
  const id = useId()
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    onFile(event.dataTransfer.files[0])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop a file; the control inside does the same by keyboard
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cx(
        'flex flex-wrap items-center gap-3 rounded-lg border border-dashed px-4 py-4 transition-colors focus-within:border-accent',
        over ? 'border-accent bg-accent-soft' : 'border-control',
      )}
    >
      <FileUp size={18} aria-hidden className="text-ink-3" />
      <span className="min-w-0 flex-1 truncate text-ink-2">{name ?? 'Drop a CSV file here'}</span>
      <input
        id={id}
        type="file"
        aria-label="CSV file"
        accept=".csv,.tsv,.txt,text/csv,text/plain"
        onChange={(event) => onFile(event.target.files?.[0])}
        className="peer sr-only"
      />
      <label
        htmlFor={id}
        className={cx(
          buttonClass('secondary', 'sm'),
          'cursor-pointer peer-focus-visible:outline-2 peer-focus-visible:outline-accent-ink peer-focus-visible:outline-offset-2',
        )}
      >
        {name === null ? 'Choose a file' : 'Choose another'}
      </label>
    </div>
  )
}
