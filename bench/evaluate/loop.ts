import type { Ask } from './spec'

/** Asks for every context, `passes` times over. The last result is kept, so that none is optimised away. */
export type Loop = (ask: Ask, contexts: readonly unknown[], passes: number, box: Box) => void | Promise<void>
export type Box = { last: unknown }

/**
 * A loop of its own for each contender and workload: shared code would have one call site that has seen every engine,
 * and the fastest would pay most for it. V8 keeps one copy of equal sources, hence the name in it.
 */
export function makeLoop(name: string, isAsync: boolean): Loop {
  const [prefix, wait] = isAsync ? ['async ', 'await '] : ['', '']
  const source = `'use strict'
    return ${prefix}function ${name.replace(/\W+/g, '_')}(ask, contexts, passes, box) {
      for (let pass = 0; pass < passes; pass++)
        for (let i = 0; i < contexts.length; i++) box.last = ${wait}ask(contexts[i])
    }`
  return new Function(source)() as Loop
}
