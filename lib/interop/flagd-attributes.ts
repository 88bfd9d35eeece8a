import type { Logic } from './logic'

/**
 * An attribute as flagd reads it: an own property of the whole name, else a dotted path. `null` for names that flagd
 * would read otherwise: it sees what strings inherit and have, and takes backslashes and `../` for syntax.
 */
export function attributeLogic(name: string): Logic | null {
  const path = name.split('.')
  if (name.includes('\\') || name.includes('../') || path[0] === '$flagd') return null
  if (path.some((step, i) => isOtherwise(step, i, path.length))) return null
  if (path.length === 1) return { var: name }
  const whole = name.replaceAll('.', '\\.')
  // With a default, `var` takes the one code path of flagd-core that knows an empty parent from a missing one.
  return { if: [{ missing: [whole] }, { var: [name, null] }, { var: whole }] }
}

const PROTOTYPES = [Object, String, Number, Boolean, Array].map(({ prototype }) => prototype)
const INDEX = /^\d+$/

function isOtherwise(step: string, position: number, steps: number): boolean {
  if (step === '' || step === '__proto__') return true
  if (position > 0 && (step === 'length' || INDEX.test(step))) return true
  return position < steps - 1 && PROTOTYPES.some((prototype) => step in prototype)
}
