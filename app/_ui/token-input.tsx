'use client'
import { X } from 'lucide-react'
import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { cx } from './cx'

type Props = {
  label: string
  tokens: readonly { id: string; text: string; extra?: ReactNode }[]
  /** One call per entry or paste, with every new text in it. */
  onAdd: (texts: string[]) => void
  onRemove: (index: number) => void
  placeholder?: string
  /** Tokens are code, of which a comma may be part: only a line ends one. */
  code?: boolean
  invalid?: boolean
  disabled?: boolean
  /** How many are spelled out; the rest is counted. */
  shown?: number
}

const MANY = 50 // a pasted list of thousands must not stall the page

const parts = (text: string, code: boolean) =>
  text
    .split(code ? /\n+/ : /[\n,;\t]+/)
    .map((part) => part.trim())
    .filter(Boolean)

/** Several values in one box: Enter, a comma or leaving adds, Backspace removes the last, a pasted list is split. */
export function TokenInput({
  label,
  tokens,
  onAdd,
  onRemove,
  placeholder,
  code = false,
  invalid = false,
  disabled = false,
  shown = MANY,
}: Props) {
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const commit = () => {
    const entered = parts(text, code)
    if (entered.length > 0) onAdd(entered)
    setText('')
  }
  const keyDown = (event: KeyboardEvent) => {
    const ends = event.key === 'Enter' || (event.key === ',' && !code)
    if (ends && text.trim() !== '') {
      event.preventDefault()
      commit()
    }
    if (event.key === 'Backspace' && text === '' && tokens.length > 0) onRemove(tokens.length - 1)
  }
  const paste = (event: ClipboardEvent) => {
    const pasted = parts(event.clipboardData.getData('text'), code)
    if (pasted.length < 2) return
    event.preventDefault()
    onAdd(pasted)
  }
  const remove = (index: number) => {
    onRemove(index)
    input.current?.focus()
  }
  return (
    <div
      className={cx(
        'flex min-h-7 min-w-32 max-w-full flex-wrap items-center gap-1 rounded-md border bg-surface px-1 py-0.5 transition-colors focus-within:border-accent focus-within:outline-1 focus-within:outline-accent-ink',
        invalid
          ? 'border-problem shadow-[inset_0_0_0_1px_var(--color-problem)]'
          : 'border-control hover:border-ink-3',
        disabled && 'opacity-70',
        code && 'font-mono text-sm',
      )}
    >
      {tokens.slice(0, shown).map((token, index) => (
        <span
          key={token.id}
          className="inline-flex h-5.5 max-w-full items-center gap-1 rounded-sm border bg-sunken pl-1.5 text-sm"
        >
          <span className="truncate">{token.text}</span>
          {token.extra}
          <button
            type="button"
            aria-label={`Remove ${token.text}`}
            disabled={disabled}
            onClick={() => remove(index)}
            className="flex h-full w-5 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
          >
            <X size={12} aria-hidden />
          </button>
        </span>
      ))}
      {tokens.length > shown && (
        <span className="px-1 text-ink-2 text-sm">
          and {(tokens.length - shown).toLocaleString('en')} more
        </span>
      )}
      <input
        ref={input}
        aria-label={label}
        aria-invalid={invalid || undefined}
        value={text}
        disabled={disabled}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keyDown}
        onPaste={paste}
        onBlur={commit}
        size={Math.max(text.length + 1, tokens.length === 0 ? (placeholder?.length ?? 6) : 4)}
        placeholder={tokens.length === 0 ? placeholder : undefined}
        spellCheck={false}
        className="field-sizing-content h-5.5 min-w-12 max-w-full flex-1 bg-transparent px-1 outline-none"
      />
    </div>
  )
}
