/**
 * All results, or the first failure once everything has come to rest: in a transaction, whatever went on after its end
 * would no longer be part of it.
 *
 * @example const [a, b] = await together([readA(tx), readB(tx)])
 */
export async function together<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work)
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason
    return each.value
  })
}
