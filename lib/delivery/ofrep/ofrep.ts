import { log } from '@/lib/log'
import { type Ask, json, problem, type Reply } from '../answer'
import { tokenOf } from '../authenticate'
import type { Refusal } from '../budgets'
import { caughtUp } from '../config'
import type { Environment } from '../environment'
import type { Key } from '../keys'
import { Allowance } from './allowance'
import { HEADERS } from './answers'
import { evaluateFlags, flagKeys } from './bulk'
import type { Look } from './context'
import { OfrepListeners } from './listeners'
import { type Counted, evaluateFlag } from './single'

export const OFREP_ALL = '/ofrep/v1/evaluate/flags'
export const OFREP_ONE = /^\/ofrep\/v1\/evaluate\/flags\/([^/]+)$/

type Found = { readonly key: Key; readonly environment: Environment }

function flagKey(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return null
  }
}

/** The OpenFeature Remote Evaluation Protocol 0.3: evaluations of one flag and of all, and word of changes. */
export class Ofrep {
  readonly listeners = new OfrepListeners()
  private readonly allowance = new Allowance()

  /**
   * `nudge` reads the heads once more: another node may have told of a version that this one has not seen. `look` is shown
   * each context.
   */
  constructor(
    private readonly nudge: () => Promise<void>,
    private readonly look: Look,
  ) {}

  /** `counted`: what it came to. */
  async one(
    ask: Ask,
    { key, environment }: Found,
    counted: (result: Counted) => void = () => {},
  ): Promise<Reply> {
    const flag = flagKey(OFREP_ONE.exec(ask.path)?.[1] ?? '')
    if (flag === null) return problem(400, 'Malformed key', 'the flag key in the path is not well-formed')
    const wait = this.allowance.take(key, 1)
    if (wait > 0) return tooMany(wait, { key: flag })
    const heard = { look: this.look, counted }
    return safely(() => evaluateFlag(ask, environment, key.view, flag, heard))
  }

  async all(ask: Ask, { key, environment }: Found): Promise<Reply> {
    const wait = this.allowance.take(key, flagKeys(environment, key.view).length)
    if (wait > 0) return tooMany(wait)
    const known = ask.query.get('flagConfigEtag') // the id that an event told of, perhaps another node's
    if (known !== null && !(await caughtUp(environment, known, this.nudge))) return behind(environment)
    const clientKey = key.view === 'server' ? null : tokenOf(ask)
    return safely(() => evaluateFlags(ask, environment, { view: key.view, clientKey }, this.look))
  }
}

const failed = (status: number, errorDetails: string, rest: object, headers: Record<string, string>) =>
  json(status, { ...rest, errorCode: 'GENERAL', errorDetails }, { ...HEADERS, ...headers })

const after = (wait: number) => ({ 'Retry-After': String(wait) })

function tooMany(wait: number, rest: object = {}): Reply {
  return failed(429, `this key asks more than a node answers: wait ${wait} s`, rest, after(wait))
}

/** One address asks too much with one key. */
const refused = ({ wait, headers }: Refusal, rest: object) =>
  failed(429, `this key asks more from one address than is allowed: wait ${wait} s`, rest, headers)

export const refuseAll = (refusal: Refusal): Reply => refused(refusal, {})

export const refuseOne = (refusal: Refusal, ask: Ask): Reply =>
  refused(refusal, { key: flagKey(OFREP_ONE.exec(ask.path)?.[1] ?? '') ?? '' })

function behind({ id }: Environment): Reply {
  return failed(503, `this node holds ${id}, not yet what the event told of: try again`, {}, after(1))
}

async function safely(answer: () => Promise<Reply>): Promise<Reply> {
  try {
    return await answer()
  } catch (error) {
    log.error({ err: error }, 'an evaluation over OFREP failed')
    return json(500, { errorDetails: 'something failed on our side: the log says what' }, HEADERS)
  }
}
