import type { BaseHook, EvaluationContext, EvaluationDetails, FlagValue } from '@openfeature/core'
import { expect } from 'vitest'
import type { Level, Method, Question, Sdk, State } from './sdk'

/** What one scenario has gathered so far. */
export type World = {
  readonly sdk: Sdk
  asked: { type: string; method: Method; key: string; fallback: FlagValue }
  contexts: Partial<Record<Level, EvaluationContext>>
  hooks: BaseHook[]
  /** What hooks were called with, in order. */
  readonly called: { hook: string; stage: string; details?: EvaluationDetails<FlagValue> }[]
  levels: Level[]
  modifiable: { context: EvaluationContext; before: string } | null
  details: EvaluationDetails<FlagValue>
  returned: unknown
}

type Table = readonly (readonly string[])[]
type Define = (world: World, words: string[], table: Table) => void | Promise<void>

export function newWorld(sdk: Sdk): World {
  const nothing = { flagKey: '', value: false, flagMetadata: {} }
  const asked = { type: 'Boolean', method: 'Boolean', key: 'boolean-flag', fallback: false } as const
  return {
    sdk,
    asked,
    contexts: {},
    hooks: [],
    called: [],
    levels: [],
    modifiable: null,
    details: nothing,
    returned: null,
  }
}

/** A cell or a word of a feature as the value it stands for. */
function read(type: string, text: string): FlagValue {
  if (text === 'null') return undefined as never // the specification's word for "not set"
  switch (type.toLowerCase()) {
    case 'boolean':
      return text === 'true'
    case 'string':
      return text
    case 'integer':
    case 'float':
      return Number(text)
    case 'object':
      return JSON.parse(text.replaceAll('\\"', '"'))
    default:
      throw new Error(`there is no type "${type}"`)
  }
}

const methods: Readonly<Record<string, Method>> = {
  boolean: 'Boolean',
  string: 'String',
  integer: 'Number',
  float: 'Number',
  object: 'Object',
}

function add(world: World, level: Level, entry: EvaluationContext): void {
  world.contexts[level] = { ...world.contexts[level], ...entry }
}

function recorder(world: World, hook: string): BaseHook {
  const note = (stage: string, details?: EvaluationDetails<FlagValue>) =>
    void world.called.push({ hook, stage, ...(details && { details }) })
  return {
    before: () => note('before') as never,
    after: (_, details) => note('after', details),
    error: () => note('error'),
    finally: (_, details) => note('finally', details),
  }
}

async function evaluate(world: World): Promise<void> {
  const { asked, contexts, hooks, sdk } = world
  const question: Question = { ...asked, contexts, hooks }
  const { details, returned } = await sdk.evaluate(question)
  world.details = details
  world.returned = returned
}

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

/** Each step of the specification, by the pattern that stands for it. */
export const steps: readonly (readonly [RegExp, Define])[] = [
  [/^a stable provider with retrievable context is registered$/, ({ sdk }) => sdk.provide('stable')],
  [/^an? (stable|not ready|error|fatal|stale) provider$/, ({ sdk }, [state]) => sdk.provide(state as State)],
  [
    /^an? (\w+)-flag with key "(.*)" and a fallback value "(.*)"$/,
    (world, [type = '', key = '', fallback = '']) => {
      world.asked = { type, method: methods[type.toLowerCase()]!, key, fallback: read(type, fallback) }
    },
  ],
  [
    /^a context containing a key "(.*)", with type "(.*)" and with value "(.*)"$/,
    (world, [key = '', type = '', value = '']) => add(world, 'Invocation', { [key]: read(type, value) }),
  ],
  [
    /^a context containing a key "(.*)" with null value$/,
    (world, [key = '']) => add(world, 'Invocation', { [key]: null }),
  ],
  [
    /^A context entry with key "(.*)" and value "(.*)" is added to the "(.*)" level$/,
    (world, [key = '', value = '', level]) => add(world, level as Level, { [key]: value }),
  ],
  [
    /^A table with levels of increasing precedence$/,
    (world, _, table) => {
      world.levels = table.map(([level]) => level as Level)
    },
  ],
  [
    /^Context entries for each level from API level down to the "(.*)" level, with key "(.*)" and value "(.*)"$/,
    (world, [last, key = '']) => {
      const upTo = world.levels.slice(0, world.levels.indexOf(last as Level) + 1)
      // Each level says its own name, so that only the last one can be what is found.
      for (const level of upTo) add(world, level, { [key]: level })
    },
  ],
  [
    /^an evaluation context with modifiable data$/,
    (world) => {
      const context = { targetingKey: 'user-1', plan: { tiers: ['free'] } }
      world.modifiable = { context, before: JSON.stringify(context) }
      world.contexts.Invocation = context
    },
  ],
  [/^a client with added hook$/, (world) => world.sdk.addHook(recorder(world, 'client'))],
  [
    /^evaluation options containing specific hooks$/,
    (world) => {
      world.hooks = [recorder(world, 'first'), recorder(world, 'second')]
    },
  ],
  [/^Some flag was evaluated$/, evaluate],
  [/^the flag was evaluated with details(?: asynchronously| using the evaluation options)?$/, evaluate],
  [
    /^the resolved details value should be "(.*)"$/,
    ({ asked, details }, [value = '']) => expect(details.value).toEqual(read(asked.type, value)),
  ],
  [/^the reason should be "(.*)"$/, ({ details }, [reason]) => expect(details.reason).toBe(reason)],
  [/^the error-code should be "(.*)"$/, ({ details }, [code]) => expect(details.errorCode).toBe(code)],
  [/^the variant should be "(.*)"$/, ({ details }, [variant]) => expect(details.variant).toBe(variant)],
  [/^the flag key should be "(.*)"$/, ({ details }, [key]) => expect(details.flagKey).toBe(key)],
  [/^the provider status should be "(.*)"$/, ({ sdk }, [status]) => expect(sdk.status()).toBe(status)],
  [
    /^the resolved metadata should contain$/,
    ({ details }, _, [, ...rows]) => {
      const wanted = rows.map(([key = '', type = '', value = '']) => [key, read(type, value)])
      expect(details.flagMetadata).toMatchObject(Object.fromEntries(wanted))
    },
  ],
  [
    /^the resolved metadata is empty$/,
    ({ details }) => {
      const { flagSetId, version, ...ofTheFlag } = details.flagMetadata
      expect(ofTheFlag).toEqual({})
      expect([flagSetId, version]).toEqual(['spec/production', expect.any(Number)])
    },
  ],
  [
    /^The merged context contains an entry with key "(.*)" and value "(.*)"$/,
    ({ sdk }, [key = '', value]) => expect(sdk.mergedContext()).toHaveProperty([key], value),
  ],
  [
    /^the "(.*)" hook should have been executed$/,
    ({ called }, [stage]) => expect(called.map((call) => call.stage)).toContain(stage),
  ],
  [
    /^the "(.*)" hooks should be called with evaluation details$/,
    ({ called }, [stages = ''], [, ...rows]) => {
      for (const stage of stages.split(', ')) {
        const details = called.find((it) => it.stage === stage)!.details as unknown as Record<string, unknown>
        for (const [type = '', key = '', value = ''] of rows)
          expect(details[camel(key)], `${stage}: ${key}`).toEqual(read(type, value))
      }
    },
  ],
  [
    /^the specified hooks should execute during evaluation$/,
    ({ called }) => expect(new Set(called.map(({ hook }) => hook))).toEqual(new Set(['first', 'second'])),
  ],
  [
    /^the hook order should be maintained$/,
    ({ called }) =>
      expect(called.map(({ hook, stage }) => `${stage} ${hook}`)).toEqual([
        'before first',
        'before second',
        'after second',
        'after first',
        'finally second',
        'finally first',
      ]),
  ],
  [
    /^the original evaluation context should remain unmodified$/,
    ({ modifiable }) => expect(JSON.stringify(modifiable?.context)).toBe(modifiable?.before),
  ],
  [
    /^the evaluation details should be immutable$/,
    ({ details }) => {
      expect(() => Object.assign(details.flagMetadata, { version: 0 })).toThrow(TypeError)
    },
  ],
  [
    /^the evaluation should complete without blocking$/,
    ({ returned }) => expect(returned).toBeInstanceOf(Promise),
  ],
]
