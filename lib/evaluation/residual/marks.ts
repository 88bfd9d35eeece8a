/**
 * Who may see an attribute, by its path. The longest path that contains an attribute decides; an attribute that none
 * contains is private.
 *
 * @example { plan: 'public', 'plan.price': 'private' }
 */
export type Marks = Readonly<Record<string, 'public' | 'private'>>

export function isPublic(marks: Marks, attribute: string): boolean {
  for (let end = attribute.length; end > 0; end = attribute.lastIndexOf('.', end - 1)) {
    const path = attribute.slice(0, end)
    if (Object.hasOwn(marks, path)) return marks[path] === 'public'
  }
  return false
}

/** The private part of a context as text: the same for two contexts that differ in public attributes alone. */
export function privatePart(marks: Marks, context: unknown): string {
  const paths = Object.keys(marks)
  const entries = (value: unknown, prefix: string, isShown: boolean): unknown[] =>
    Object.entries(value as object).flatMap(([name, inner]) => {
      const path = prefix + name
      const shown = Object.hasOwn(marks, path) ? marks[path] === 'public' : isShown
      if (isRecord(inner) && paths.some((known) => known.startsWith(`${path}.`)))
        return [...(shown ? [] : [path]), ...entries(inner, `${path}.`, shown)]
      return shown ? [] : [[path, inner]]
    })
  return JSON.stringify(entries(context, '', false))
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
