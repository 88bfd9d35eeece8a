import { cx } from '@/app/_ui/cx'

const fills = [
  'bg-variant-1',
  'bg-variant-2',
  'bg-variant-3',
  'bg-variant-4',
  'bg-variant-5',
  'bg-variant-6',
  'bg-variant-7',
  'bg-variant-8',
] as const

const bars = [
  'fill-variant-1',
  'fill-variant-2',
  'fill-variant-3',
  'fill-variant-4',
  'fill-variant-5',
  'fill-variant-6',
  'fill-variant-7',
  'fill-variant-8',
] as const

const colours = [
  'var(--color-variant-1)',
  'var(--color-variant-2)',
  'var(--color-variant-3)',
  'var(--color-variant-4)',
  'var(--color-variant-5)',
  'var(--color-variant-6)',
  'var(--color-variant-7)',
  'var(--color-variant-8)',
] as const

/** The colour of a variant is its place in the flag's list, everywhere. */
const pick = <T,>(list: readonly T[], variants: readonly string[], variant: string) =>
  list[Math.max(0, variants.indexOf(variant)) % list.length]!

type Props = { variants: readonly string[]; variant: string }

export function Swatch({ variants, variant }: Props) {
  return (
    <span
      aria-hidden
      className={cx(
        'inline-block size-2.5 shrink-0 rounded-[3px] border border-ink/25',
        pick(fills, variants, variant),
      )}
    />
  )
}

/** The same for what takes no class. */
export const colourOf = ({ variants, variant }: Props) => pick(colours, variants, variant)

export const barClass = ({ variants, variant }: Props) => pick(bars, variants, variant)

export function VariantName(props: Props) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap font-medium">
      <Swatch {...props} />
      {props.variant}
    </span>
  )
}
