import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as any from '../../tests/support/arbitrary-config'
import { figure } from '../../tests/support/figure'
import { parsedOf, seen } from '../../tests/support/follow'
import { inForm } from '../../tests/support/long-form'
import { changedFlags } from './changed-flags'
import { evaluate } from './evaluate'
import { applyKills } from './kills'
import { parseConfig } from './parse-config'
import type { ParsedConfig } from './parsed-config'
import { resolve } from './resolve'
import type { Flag, FlagType, Trace } from './types'
import { nextWindowEdge } from './windows'
import { toWire } from './wire'

const moment = fc.constantFrom(...any.MOMENTS)
const TYPES: FlagType[] = ['boolean', 'string', 'number', 'object']

function keysOf({ flags }: ParsedConfig): string[] {
  return flags.keys()
}

describe('the engine', () => {
  it('never throws and never serves a wrong type, whatever the config and the context', () => {
    const config = fc.oneof(any.brokenConfig, any.config)
    const hostile = fc.oneof(any.hostileContext, any.context)
    let answers = 0
    fc.assert(
      fc.property(config, hostile, moment, (input, context, now) => {
        const result = parseConfig(input)
        if (!result.ok) return
        changedFlags(null, result.config)
        nextWindowEdge(result.config, now)
        for (const key of [...keysOf(result.config), 'missing', '__proto__']) {
          for (const type of TYPES) {
            const fallback = Symbol('default')
            const trace: Trace = []
            const { value, reason, errorCode } = resolve<unknown>(
              result.config,
              key,
              type,
              fallback,
              context,
              now,
              trace,
            )
            expect(errorCode !== undefined).toBe(reason === 'ERROR')
            answers++
            if (value === fallback) continue
            expect(typeof value).toBe(type)
            expect(reason).not.toBe('ERROR')
            expect(trace.length).toBeGreaterThan(0)
          }
        }
      }),
      { numRuns: inForm(1_500, 60_000) },
    )
    figure('S3', `throws or wrong types, of ${answers} answers`, 0)
  }, 900_000)

  it('generates configs of which most flags are sound', () => {
    const samples = fc.sample(any.config, { numRuns: 300, seed: 1 }).map(parsedOf)
    const all = samples.reduce((sum, { flags }) => sum + flags.size, 0)
    const malformed = samples.reduce((sum, config) => sum + Object.keys(config.malformed()).length, 0)
    expect(all - malformed).toBeGreaterThan(300)
    expect(malformed).toBeGreaterThan(0)
  })

  it('answers compiled as it does question by question, with a trace', () => {
    fc.assert(
      fc.property(any.config, any.context, moment, (input, context, now) => {
        const config = parsedOf(input)
        for (const key of keysOf(config)) {
          expect(evaluate(config, key, context, now, [])).toEqual(evaluate(config, key, context, now))
        }
      }),
      { numRuns: 1_200 },
    )
  })

  it('serves the off variant of a killed flag, whatever its rules', () => {
    fc.assert(
      fc.property(any.config, any.context, moment, (input, context, now) => {
        const alive = parsedOf({ ...input, killed: [] })
        const config = applyKills(alive, keysOf(alive), '1.9.00000009')
        for (const key of keysOf(config)) {
          const { flag } = config.program.cell(key)!
          if (!flag) continue
          const { offVariant, variants } = flag
          const { reason, variant, value, flagMetadata } = evaluate(config, key, context, now)
          expect({ reason, variant: variant ?? null, killed: flagMetadata.killed }).toEqual({
            reason: 'DISABLED',
            variant: offVariant,
            killed: true,
          })
          expect(value).toBe(offVariant === null ? undefined : variants[offVariant])
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('parsing', () => {
  it('is idempotent', () => {
    fc.assert(
      fc.property(any.config, (input) => {
        const once = parsedOf(input)
        expect(seen(parsedOf(once.toConfig()))).toEqual(seen(once))
      }),
      { numRuns: 300 },
    )
  })

  it('accepts what has been through JSON as the same', () => {
    fc.assert(
      fc.property(any.config, (input) => {
        expect(seen(parsedOf(JSON.parse(JSON.stringify(input))))).toEqual(seen(parsedOf(input)))
      }),
      { numRuns: 100 },
    )
  })

  it('answers the same whether defaults are written out or left out, and in whatever order keys come', () => {
    fc.assert(
      fc.property(any.config, any.context, moment, (input, context, now) => {
        const written = parsedOf(input)
        const terse = parsedOf({
          ...shuffled(input),
          flags: mapped(input.flags, (key, flag) => shuffled(toWire(key, flag as Flag))),
        })
        for (const key of keysOf(written))
          expect(evaluate(terse, key, context, now)).toEqual(evaluate(written, key, context, now))
      }),
      { numRuns: 300 },
    )
  })

  function mapped<T>(record: Readonly<Record<string, T>>, change: (key: string, value: T) => T) {
    return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(key, value)]))
  }

  function shuffled<T extends object>(record: T): T {
    return Object.fromEntries(Object.entries(record).reverse()) as T
  }
})
