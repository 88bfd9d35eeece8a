import type { Ctx } from './context'
import { ControlError } from './errors'

/**
 * Holds an edit to the version it was made from. `current` reads what the editor should look at next.
 *
 * @throws ControlError `precondition_required` without If-Match, `stale` when someone was faster
 */
export async function expectVersion(
  ctx: Ctx,
  what: string,
  version: string | number,
  current: () => unknown,
): Promise<void> {
  if (ctx.ifMatch === null)
    throw new ControlError(
      'precondition_required',
      `send If-Match with the ETag of the ${what} you edited (now "${version}")`,
    )
  if (ctx.ifMatch.includes('*') || ctx.ifMatch.includes(String(version))) return
  const yours = ctx.ifMatch.join(', ')
  throw new ControlError(
    'stale',
    `the ${what} changed since you read it: you hold "${yours}", it is "${version}"`,
    [],
    { yours, theirs: String(version), current: await current() },
  )
}
