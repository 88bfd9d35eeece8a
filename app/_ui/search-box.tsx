'use client'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { cx } from './cx'
import { inputClass } from './field'
import { Kbd } from './kbd'

const PAUSE_MS = 180 // a word's worth of typing goes to the server as one search

/** `/` focuses it from anywhere; Escape empties it, then leaves. */
export function SearchBox({
  label,
  placeholder,
  value,
  pause = PAUSE_MS,
  onSearch,
}: {
  label: string
  placeholder: string
  value: string
  /** Milliseconds without a key before a search; 0: whoever searches takes them as they come. */
  pause?: number
  onSearch: (text: string) => void
}) {
  const [text, setText] = useState(value)
  const latest = useRef({ onSearch, sent: value })
  latest.current.onSearch = onSearch
  useEffect(() => {
    if (value !== latest.current.sent) setText(value) // the address changed by other means: back, or a link
    latest.current.sent = value
  }, [value])
  useEffect(() => {
    if (text === latest.current.sent) return
    const timer = setTimeout(() => {
      latest.current.sent = text
      latest.current.onSearch(text)
    }, pause)
    return () => clearTimeout(timer)
  }, [text, pause])
  const keyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    if (text === '') event.currentTarget.blur()
    setText('')
  }
  return (
    <search className="group relative w-full max-w-sm">
      <Search size={16} aria-hidden className="absolute top-2 left-2.5 text-ink-3" />
      <input
        data-search
        type="search"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keyDown}
        spellCheck={false}
        autoComplete="off"
        className={cx(inputClass, 'h-8 pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden')}
      />
      <span className="absolute top-1.5 right-1.5 group-focus-within:hidden">
        <Kbd>/</Kbd>
      </span>
    </search>
  )
}
