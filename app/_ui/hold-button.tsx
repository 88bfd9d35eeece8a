'use client'
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { buttonClass } from './button'
import { cx } from './cx'

const HOLD_MS = 800 // no accident holds this long, no emergency suffers from it; the fill in globals.css matches

/**
 * Press and hold, by pointer or by Enter or Space. Assistive technology that can only click
 * presses twice instead: the first press arms.
 */
export function HoldButton({
  onHeld,
  disabledReason,
  children,
}: {
  onHeld: () => void
  disabledReason?: string | false | null
  children: ReactNode
}) {
  const [holding, setHolding] = useState(false)
  const [armed, setArmed] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => () => clearTimeout(timer.current), [])

  const start = () => {
    if (disabledReason || holding) return
    setHolding(true)
    timer.current = setTimeout(() => {
      setHolding(false)
      onHeld()
    }, HOLD_MS)
  }
  const stop = () => {
    clearTimeout(timer.current)
    setHolding(false)
  }
  const isPress = (event: KeyboardEvent) => event.key === 'Enter' || event.key === ' '
  const keyDown = (event: KeyboardEvent) => {
    if (!isPress(event)) return
    event.preventDefault()
    if (!event.repeat) start()
  }
  const click = (event: MouseEvent) => {
    const synthetic = event.detail === 0
    if (!synthetic || disabledReason) return
    if (armed) onHeld()
    setArmed(!armed)
  }
  return (
    <button
      type="button"
      aria-disabled={Boolean(disabledReason) || undefined}
      title={disabledReason || undefined}
      onPointerDown={(event) => event.button === 0 && start()}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onKeyDown={keyDown}
      onKeyUp={(event) => isPress(event) && stop()}
      onBlur={stop}
      onClick={click}
      onContextMenu={(event) => event.preventDefault()}
      className={cx(buttonClass('danger', 'md'), 'relative touch-none overflow-hidden')}
    >
      {holding && <span aria-hidden className="absolute inset-0 origin-left animate-hold bg-ink/35" />}
      <span className="relative">{children}</span>
      <span role="status" className="sr-only">
        {holding ? 'Keep holding' : armed ? 'Press again to confirm' : ''}
      </span>
    </button>
  )
}
