'use client'
import type { RefObject } from 'react'
import { useShortcuts } from './use-shortcuts'

/** Marks the link that j and k move to and Enter opens, or the box that Space ticks. */
export const rowLink = { 'data-row-link': true }

const ROW = 'tr, li'

/** j and k move along the rows of a table or a list. */
export function useRowKeys(rows: RefObject<HTMLElement | null>) {
  const move = (step: 1 | -1) => {
    const links = [...(rows.current?.querySelectorAll<HTMLElement>('[data-row-link]') ?? [])]
    const row = document.activeElement?.closest(ROW)
    const current = links.findIndex((link) => link.closest(ROW) === row)
    const next = current === -1 ? (step === 1 ? 0 : links.length - 1) : current + step
    links[next]?.focus()
    links[next]?.scrollIntoView({ block: 'nearest' })
  }
  useShortcuts({ j: () => move(1), k: () => move(-1) })
}
