import { z } from 'zod'
import { configId, stateAt } from '@/db/config-log'
import { evaluate, type ParsedConfig, parseConfig, type Trace } from '@/lib/evaluation'
import { loadRegex } from '@/lib/regex'
import { findEnvironment } from './environments'
import { notFound } from './errors'
import { query } from './operation'
import { jsonValue, ref } from './schemas'

const MAX_ANSWERS = 200

/** What flags would serve for a context, with every question that was asked on the way. */
export const evaluateFlags = query({
  permission: 'flag:read',
  input: z.strictObject({
    project: ref,
    environment: ref,
    flag: ref.optional(),
    context: z.record(z.string().max(200), jsonValue).default({}),
    /** The moment to evaluate for; now when absent. */
    at: z.iso.datetime({ offset: true }).optional(),
  }),
  run: async (db, input) => {
    const { environment, head } = await findEnvironment(db, input.project, input.environment)
    const state = await stateAt(db, environment.id, head.epoch, head.version)
    const { flags, segments, killed, killedAt } = state
    const id = configId(state)
    const flagSetId = `${input.project}/${input.environment}`
    await loadRegex()
    const parsed = parseConfig({ schema: 1, flagSetId, id, flags, segments, killed, killedAt })
    if (!parsed.ok) throw new Error(`published config ${id} of ${flagSetId} does not parse: ${parsed.error}`)
    const now = input.at === undefined ? Date.now() : Date.parse(input.at)
    const answer = (config: ParsedConfig, flag: string) => {
      const trace: Trace = []
      return { flag, ...evaluate(config, flag, input.context, now, trace), trace }
    }
    if (input.flag !== undefined && !Object.hasOwn(flags, input.flag))
      throw notFound('flag', input.flag, `environment "${input.environment}"`)
    const keys = input.flag === undefined ? Object.keys(flags).sort().slice(0, MAX_ANSWERS) : [input.flag]
    return { id, flags: keys.map((flag) => answer(parsed.config, flag)) }
  },
})
