'use client'
import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'

const STARTS_AFTER_PX = 4 // a click may tremble
const EDGE_PX = 72 // so near to the edge of the window the page scrolls along
const SCROLL_PX = 12 // a frame

/** `gap`: 0 above the first rule, 1 above the second, ...; the count of rules below the last. */
type Drag = { from: number; gap: number }

/** The gap that a pointer at this height points at: above the first rule whose middle lies below it. */
function gapAt(y: number, rules: readonly Element[]): number {
  const index = rules.findIndex((rule) => {
    const { top, height } = rule.getBoundingClientRect()
    return y < top + height / 2
  })
  return index === -1 ? rules.length : index
}

/** Where a rule from one place comes to stand when it is dropped into a gap. */
const placeAfter = ({ from, gap }: Drag) => (gap > from ? gap - 1 : gap)

/** The gap in which a line shows where the rule would come to stand; null: it would stay. */
export const lineOf = (drag: Drag | null) => (drag && placeAfter(drag) !== drag.from ? drag.gap : null)

/**
 * Rules are dragged by their handles, with a mouse, a pen or a finger. Escape lets go. Nothing moves until the rule is
 * dropped but the line that says where: there is no motion to reduce.
 */
export function useRuleDrag(onDrop: (from: number, to: number) => void) {
  const list = useRef<HTMLDivElement>(null)
  /** What events go by: the state follows when React comes to it. */
  const pressed = useRef<{ from: number; y: number; drag: Drag | null } | null>(null)
  const [drag, setDrag] = useState<Drag | null>(null)
  const dragging = drag !== null

  const look = useCallback((y: number) => {
    const at = pressed.current
    if (!at) return
    const rules = [...(list.current?.querySelectorAll(':scope > [data-rule]') ?? [])]
    Object.assign(at, { y, drag: { from: at.from, gap: gapAt(y, rules) } })
    setDrag(at.drag)
  }, [])

  const letGo = useCallback(() => {
    pressed.current = null
    setDrag(null)
  }, [])

  useEffect(() => {
    if (!dragging) return
    const cancel = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      letGo()
    }
    let frame = requestAnimationFrame(function scroll() {
      const y = pressed.current?.y ?? EDGE_PX
      const by = y < EDGE_PX ? -SCROLL_PX : y > window.innerHeight - EDGE_PX ? SCROLL_PX : 0
      if (by !== 0) {
        window.scrollBy(0, by)
        look(y)
      }
      frame = requestAnimationFrame(scroll)
    })
    window.addEventListener('keydown', cancel, true)
    return () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('keydown', cancel, true)
    }
  }, [dragging, letGo, look])

  const handle = (from: number) => ({
    onPointerDown(event: PointerEvent<HTMLButtonElement>) {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      pressed.current = { from, y: event.clientY, drag: null }
    },
    onPointerMove({ clientY }: PointerEvent) {
      const at = pressed.current
      if (at && (at.drag || Math.abs(clientY - at.y) >= STARTS_AFTER_PX)) look(clientY)
    },
    onPointerUp() {
      const dropped = pressed.current?.drag
      letGo()
      if (dropped && placeAfter(dropped) !== dropped.from) onDrop(dropped.from, placeAfter(dropped))
    },
    onPointerCancel: letGo,
  })

  return { list, drag, handle }
}
