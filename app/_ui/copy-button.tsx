'use client'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { buttonClass } from './button'

const SHOWN_MS = 1_600

/** Copies a text and says so, to the eye and to a screen reader. */
export function CopyButton({ text, label, caption }: { text: string; label: string; caption?: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), SHOWN_MS)
  }
  const Icon = copied ? Check : Copy
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={label}
      title={label}
      className={buttonClass(caption ? 'secondary' : 'ghost', 'sm', !caption)}
    >
      <Icon size={14} aria-hidden />
      {caption && (copied ? 'Copied' : caption)}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}
