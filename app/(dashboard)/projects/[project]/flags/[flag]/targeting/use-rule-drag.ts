'use client'
import { type PointerEvent, useEffect, useRef, useState } from 'react'

const STARTS_AFTER_PX = 4 // a click may tremble
const EDGE_PX = 72 // so near to the edge of the window the page scrolls along
const SCROLL_PX = 12 // a frame

/** `gap`: 0 above the first rule, 1 above the second, ...; the count of rules below the last. */
type Drag = { from: number; gap: number }

const rulesIn = (list: Element | null) => [...(list?.querySelectorAll(':scope > [data-rule]') ?? [])]

/** The gap that a pointer at this height points at: above the first rule whose middle lies below it. */
function gapAt(y: number, rules: readonly Element[]): number {
  const index = rules.findIndex((rule) => {
    const { top, height } = rule.getBoundingClientRect()
    return y < top + height / 2
  })
  return index === -1 ? rules.length : index
}

/** Where a rule from one place comes to stand when it is dropped into a gap. */
export const placeAfter = ({ from, gap }: Drag) => (gap > from ? gap - 1 : gap)

/** The gap in which a line shows where the rule would come to stand; null: it would stay. */
export const lineOf = (drag: Drag | null) => (drag && placeAfter(drag) !== drag.from ? drag.gap : null)

/**
 * Rules are dragged by their handles, with a mouse, a pen or a finger. Escape lets go. Nothing moves until the rule is
 * dropped but the line that says where: there is no motion to reduce.
 */
export function useRuleDrag(onDrop: (from: number, to: number) => void) {
  const list = useRef<HTMLDivElement>(null)
  const pressed = useRef<{ from: number; y: number } | null>(null)
  const [drag, setDrag] = useState<Drag | null>(null)
  const dragging = drag !== null

  const letGo = () => {
    pressed.current = null
    setDrag(null)
  }

  useEffect(() => {
    if (!dragging) return
    const cancel = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      pressed.current = null
      setDrag(null)
    }
    let frame = requestAnimationFrame(function scroll() {
      const at = pressed.current
      const by = at === null ? 0 : at.y < EDGE_PX ? -1 : at.y > window.innerHeight - EDGE_PX ? 1 : 0
      if (at && by !== 0) {
        window.scrollBy(0, by * SCROLL_PX)
        setDrag({ from: at.from, gap: gapAt(at.y, rulesIn(list.current)) })
      }
      frame = requestAnimationFrame(scroll)
    })
    window.addEventListener('keydown', cancel, true)
    return () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('keydown', cancel, true)
    }
  }, [dragging])

  const handle = (from: number) => ({
    onPointerDown(event: PointerEvent<HTMLButtonElement>) {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      pressed.current = { from, y: event.clientY }
    },
    onPointerMove(event: PointerEvent) {
      const at = pressed.current
      if (!at) return
      if (!drag && Math.abs(event.clientY - at.y) < STARTS_AFTER_PX) return
      at.y = event.clientY
      setDrag({ from: at.from, gap: gapAt(event.clientY, rulesIn(list.current)) })
    },
    onPointerUp() {
      const dropped = pressed.current && drag
      letGo()
      if (dropped && placeAfter(dropped) !== dropped.from) onDrop(dropped.from, placeAfter(dropped))
    },
    onPointerCancel: letGo,
  })

  return { list, drag, handle }
}
