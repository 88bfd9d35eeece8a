'use client'
import { Download, Ellipsis, Search, Upload } from 'lucide-react'
import { useState } from 'react'
import { Problems } from '@/app/_components/targeting/line'
import { Button, IconButton } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { inputClass } from '@/app/_ui/field'
import { Menu, MenuItem, MenuSeparator } from '@/app/_ui/menu'
import { TokenInput } from '@/app/_ui/token-input'
import type { FieldProblem } from '@/lib/api-client'
import { plural } from '@/lib/plural'
import { ImportDialog } from './import-dialog'

const MANY = 20 // more are looked through, not read

/** Hands a list out as a file, one id a line. */
function download(name: string, ids: readonly string[]) {
  const quoted = ids.map((id) => (/[",\n\r]/.test(id) ? `"${id.replaceAll('"', '""')}"` : id))
  const url = URL.createObjectURL(new Blob([`${quoted.join('\n')}\n`], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${name}.csv`
  link.click()
  URL.revokeObjectURL(url)
}

type Props = {
  label: string
  /** What a file of it is called. */
  file: string
  by: string
  ids: readonly string[]
  problems: readonly FieldProblem[]
  onChange: (ids: string[]) => void
}

/** Some ids: typed, pasted, or read from a file; a long list is searched. */
export function MemberList({ label, file, by, ids, problems, onChange }: Props) {
  const [looked, setLooked] = useState('')
  const [importing, setImporting] = useState(false)
  const shown = looked === '' ? ids : ids.filter((id) => id.toLowerCase().includes(looked.toLowerCase()))
  const remove = (index: number) => onChange(ids.filter((id) => id !== shown[index]))
  return (
    <div className="min-w-0 flex-1">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-ink-2">
          <strong className="font-medium text-ink">
            {by === 'targetingKey' ? plural(ids.length, 'individual') : plural(ids.length, `value`)}
          </strong>
          {by !== 'targetingKey' && ` of ${by}`}
        </span>
        {ids.length > MANY && (
          <span className="relative">
            <Search size={14} aria-hidden className="absolute top-1.5 left-2 text-ink-3" />
            <input
              type="search"
              aria-label={`Search ${label.toLowerCase()}`}
              placeholder="Find in the list"
              value={looked}
              onChange={(event) => setLooked(event.target.value)}
              spellCheck={false}
              className={cx(inputClass, 'h-7 w-52! pl-7')}
            />
          </span>
        )}
        {looked !== '' && (
          <span role="status" className="text-ink-2 text-sm">
            {shown.length === 0 ? 'Not in the list' : plural(shown.length, 'match', 'matches')}
          </span>
        )}
        <span className="ml-auto flex">
          <Button
            size="sm"
            look="ghost"
            aria-label={`Add ${label.toLowerCase()} from a CSV file`}
            onClick={() => setImporting(true)}
          >
            <Upload size={14} aria-hidden /> CSV
          </Button>
          {ids.length > 0 && (
            <Menu
              trigger={
                <IconButton label={`More for ${label.toLowerCase()}`} size="sm">
                  <Ellipsis size={14} aria-hidden />
                </IconButton>
              }
            >
              <MenuItem onSelect={() => download(file, ids)}>
                <Download size={14} aria-hidden /> Download as CSV
              </MenuItem>
              <MenuSeparator />
              <MenuItem onSelect={() => onChange([])}>Take everybody out</MenuItem>
            </Menu>
          )}
        </span>
      </div>
      <div className="mt-1.5">
        <TokenInput
          label={label}
          placeholder={by === 'targetingKey' ? 'add targeting keys' : `add values of ${by}`}
          shown={MANY}
          tokens={shown.map((id) => ({ id, text: id }))}
          onAdd={(added) => onChange([...new Set([...ids, ...added])])}
          onRemove={remove}
          invalid={problems.length > 0}
        />
        <Problems problems={problems} />
      </div>
      {importing && (
        <ImportDialog
          label={label}
          by={by}
          ids={ids}
          onTake={(next) => {
            onChange(next)
            setImporting(false)
          }}
          onClose={() => setImporting(false)}
        />
      )}
    </div>
  )
}
