'use client'
import Link from 'next/link'
import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { cx } from './cx'
import { Tooltip } from './tooltip'

const looks = {
  primary: 'border-accent bg-accent text-on-accent hover:border-accent-hover hover:bg-accent-hover',
  secondary: 'border-control/60 bg-surface text-ink hover:border-control hover:bg-hover',
  ghost: 'border-transparent bg-transparent text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'border-danger bg-danger text-on-danger hover:border-danger-hover hover:bg-danger-hover',
  'danger-quiet': 'border-danger-line bg-surface text-danger-ink hover:bg-danger-soft',
} as const

const sizes = {
  sm: 'h-7 gap-1.5 px-2 text-sm',
  md: 'h-8 gap-2 px-3 text-base',
  lg: 'h-10 gap-2 px-4 text-base',
} as const

export type Look = keyof typeof looks

export const buttonClass = (look: Look, size: keyof typeof sizes, icon = false) =>
  cx(
    'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium transition-colors',
    'aria-disabled:cursor-not-allowed aria-disabled:opacity-50',
    looks[look],
    sizes[size],
    icon && 'aspect-square px-0!',
  )

type Shared = { look?: Look; size?: keyof typeof sizes }

type ButtonProps = Shared &
  Omit<ComponentProps<'button'>, 'disabled'> & {
    /** Why it cannot be used now; the button stays focusable and says so. */
    disabledReason?: string | false | null
    /** Work is under way: the label stays, a second press does nothing. */
    busy?: boolean
  }

export function Button({
  look = 'secondary',
  size = 'md',
  disabledReason,
  busy = false,
  className,
  onClick,
  ...props
}: ButtonProps) {
  const inert = Boolean(disabledReason) || busy
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (inert) event.preventDefault()
    else onClick?.(event)
  }
  const button = (
    <button
      type="button"
      {...props}
      aria-disabled={inert || undefined}
      aria-busy={busy || undefined}
      onClick={press}
      className={cx(buttonClass(look, size), className)}
    />
  )
  return disabledReason ? <Tooltip label={disabledReason}>{button}</Tooltip> : button
}

export function IconButton({
  label,
  look = 'ghost',
  size = 'md',
  className,
  disabledReason,
  onClick,
  ...props
}: Shared &
  Omit<ComponentProps<'button'>, 'disabled'> & { label: string; disabledReason?: string | false | null }) {
  return (
    <Tooltip label={disabledReason || label}>
      <button
        type="button"
        {...props}
        aria-label={label}
        aria-disabled={Boolean(disabledReason) || undefined}
        onClick={disabledReason ? undefined : onClick}
        className={cx(buttonClass(look, size, true), className)}
      />
    </Tooltip>
  )
}

export function ButtonLink({
  look = 'secondary',
  size = 'md',
  href,
  newTab = false,
  children,
}: Shared & { href: string; newTab?: boolean; children: ReactNode }) {
  return (
    <Link href={href} target={newTab ? '_blank' : undefined} className={buttonClass(look, size)}>
      {children}
    </Link>
  )
}
