'use client'
import { useEffect, useRef } from 'react'
import { readCookie, storeCookie } from './cookies'

const WRITES = 'input, textarea, select, [contenteditable="true"], [role="combobox"]'
// A toast is a dialog by its role, and in nobody's way.
const OVERLAY =
  '[role="dialog"]:not([data-toast]), [role="alertdialog"]:not([data-toast]), [role="menu"], [role="listbox"]'
const COOKIE = 'single-key-shortcuts'

/** Single keys can be turned off: speech input types them by accident (WCAG 2.1.4). A cookie outlives signing out. */
export const shortcutsOn = () => readCookie(COOKIE) !== 'off'
export const turnShortcuts = (on: boolean) => storeCookie(COOKIE, on ? 'on' : 'off')

/** Silent while someone writes or a dialog is open, and while a modifier is held. */
export function useShortcuts(shortcuts: Record<string, () => void>) {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return
      if (event.target instanceof Element && event.target.closest(WRITES)) return
      const run = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined
      if (!run || document.querySelector(OVERLAY) || !shortcutsOn()) return
      event.preventDefault()
      run()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
