import { createHash } from 'node:crypto'
import { type Ask, json, type Reply } from '../answer'
import { now } from '../clock'
import type { Environment } from '../environment'
import type { KeyView } from '../view'
import { answerText, decide, HEADERS } from './answers'
import { contextOf, type Look } from './context'
import { eventStreams } from './event-streams'

type Shown = { all: readonly string[]; browser: readonly string[] }

const shown = new WeakMap<Environment['head'], Shown>()

/** The keys of the flags that a key may see, in an order that is the same on every node. */
export function flagKeys(environment: Environment, view: KeyView): readonly string[] {
  let keys = shown.get(environment.head)
  if (!keys) {
    const all = environment.config('server').flags.keys().sort()
    keys = { all, browser: all.filter((key) => environment.browser.has(key)) }
    shown.set(environment.head, keys)
  }
  return view === 'server' ? keys.all : keys.browser
}

/** `clientKey`: the key as it was sent, where it is one that may stand in a URL. */
export type Asker = { readonly view: KeyView; readonly clientKey: string | null }

/** `POST /ofrep/v1/evaluate/flags`: all flags that a key may see, for one context. OFREP 0.3. */
export async function evaluateFlags(
  ask: Ask,
  environment: Environment,
  asker: Asker,
  look: Look,
): Promise<Reply> {
  const read = await contextOf(ask)
  if ('errorCode' in read) {
    const { status, errorCode, errorDetails } = read
    return json(status, { errorCode, errorDetails }, HEADERS)
  }
  look(environment, asker.view, read.context)
  const at = now()
  const flags = flagKeys(environment, asker.view).map((key) =>
    answerText(key, decide(environment, asker.view, key, read.context, at)),
  )
  const { flagSetId } = environment
  const rest = { metadata: { flagSetId }, ...eventStreams(asker.clientKey) }
  const body = `{"flags":[${flags.join(',')}],${JSON.stringify(rest).slice(1)}`
  return tagged(body, ask.header('if-none-match'))
}

/** By what it says: the same answer has the same tag, whichever version, node or context it came from. */
function tagged(body: string, held: string | undefined): Reply {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
  const headers = { ...HEADERS, ETag: tag }
  const isHeld = held?.split(',').some((name) => name.trim().replace(/^W\//, '') === tag)
  if (isHeld) return { status: 304, headers, body: null }
  return { status: 200, headers: { ...headers, 'Content-Type': 'application/json' }, body }
}
