'use client'
import { useEffect, useRef } from 'react'

const OVERLAY = '[role="dialog"], [role="alertdialog"]'

/** Ctrl+K or Cmd+K, also while somebody writes; not over a dialog, which waits for an answer. */
export function usePaletteKey(open: () => void) {
  const latest = useRef(open)
  latest.current = open
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
      if (event.altKey || event.shiftKey || document.querySelector(OVERLAY)) return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
