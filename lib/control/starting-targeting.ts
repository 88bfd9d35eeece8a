import type { JsonValue, Serve } from '@/lib/evaluation'

/**
 * What a new flag does in an environment: off, serving the off variant. For a boolean flag that is the variant with
 * the value false, else the last one listed; turned on, it serves the variant true, else the first.
 */
export function startingTargeting(
  key: string,
  variants: Readonly<Record<string, JsonValue>>,
  offVariant: string | null | undefined,
): { salt: string; on: false; offVariant: string | null; fallthrough: Serve } {
  const names = Object.keys(variants)
  const named = (value: boolean) => names.find((name) => variants[name] === value)
  return {
    salt: key,
    on: false,
    offVariant: offVariant === undefined ? (named(false) ?? names.at(-1)!) : offVariant,
    fallthrough: { variant: named(true) ?? names[0]! },
  }
}
