import { must } from './api'
import { FLAGS, keyOf } from './dataset'
import type { Load } from './load-process'
import { addFlags } from './seed'
import { ENVIRONMENT, PROJECT, type Stand } from './stand'

/** Where a kill happens, and what goes on meanwhile. */
export type Scenario = {
  name: string
  /** The kill's p99 may be at most this, in milliseconds. */
  atMostMs: number
  /** Server providers that listen. */
  clients: number
  place(stand: Stand): Promise<Place>
}

/** `key` opens the environment in which these flags are killed, one after the other. */
export type Place = { project: string; flags: readonly string[]; key: string; load: Load | null }

const HEALTHY_MS = 100
const LOADED_MS = 1_000
const CLIENTS = 1_000
const CLIENTS_OF_MANY_FLAGS = 250 // 10,000 flags each: more would not be connected within a minute
const EDITORS = 200
const WIDE_ENVIRONMENTS = 50
/** Kills that stand by themselves. */
export const FIRST = 10
const KILLS = FIRST + 30
const MANY = 10_000 // as many as a project may have
const ARCHIVED = MANY - KILLS
const ARCHIVES_AT_ONCE = 100

/** Flags that are on for all, from one of them on. */
const plainFlags = (from: number) => Array.from({ length: KILLS }, (_, i) => keyOf(5 * (from + i)))
const editedFlags = () => Array.from({ length: EDITORS }, (_, i) => keyOf((5 * i + 1) % FLAGS))

async function serverKey({ api }: Stand, project: string): Promise<string> {
  const path = `/projects/${project}/environments/${ENVIRONMENT}/keys`
  return (await must(api('POST', path, { kind: 'server', name: 'bench' }))).body.key!
}

const createFlag = ({ api }: Stand, project: string, key: string) =>
  must(api('POST', `/projects/${project}/flags`, { key, name: key, type: 'boolean' }))

/** A project of fifty environments in each of which a flag asks for the segment. */
async function makeWide(stand: Stand): Promise<void> {
  const { api } = stand
  await must(api('POST', '/projects', { key: 'wide', name: 'Wide' }))
  await must(api('POST', '/projects/wide/segments', { key: 'beta', name: 'Beta', included: ['tester'] }))
  const { body } = await must(api('GET', '/projects/wide/environments'))
  const environments = (body.items as { key: string }[]).map(({ key }) => key)
  for (let i = environments.length; i < WIDE_ENVIRONMENTS; i++) {
    const key = `region-${i}`
    await must(api('POST', '/projects/wide/environments', { key, name: key }))
    environments.push(key)
  }
  for (const flag of plainFlags(0)) await createFlag(stand, 'wide', flag)
  await createFlag(stand, 'wide', 'beta-only')
  for (const environment of environments) {
    const path = `/projects/wide/flags/beta-only/environments/${environment}`
    const { etag } = await api('GET', path)
    const rules = [{ id: 'beta', when: { segment: 'beta' }, serve: { variant: 'on' } }]
    const targeting = { on: true, offVariant: 'off', rules, fallthrough: { variant: 'off' } }
    await must(api('PUT', path, targeting, etag))
  }
}

async function makeAttic(stand: Stand): Promise<void> {
  await must(stand.api('POST', '/projects', { key: 'attic', name: 'Attic' }))
  await addFlags(stand.databaseUrl, 'attic', ENVIRONMENT, MANY)
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'in peace',
    atMostMs: HEALTHY_MS,
    clients: CLIENTS,
    place: async ({ serverKey: key }) => ({
      project: PROJECT,
      flags: plainFlags(0),
      key,
      load: null,
    }),
  },
  {
    name: `while ${EDITORS} editors publish`,
    atMostMs: LOADED_MS,
    clients: CLIENTS,
    place: async ({ serverKey: key }) => ({
      project: PROJECT,
      flags: plainFlags(KILLS),
      key,
      load: { kind: 'edit', project: PROJECT, environment: ENVIRONMENT, flags: editedFlags() },
    }),
  },
  {
    name: `while a segment changes in ${WIDE_ENVIRONMENTS} environments`,
    atMostMs: LOADED_MS,
    clients: CLIENTS,
    place: async (stand) => {
      await makeWide(stand)
      const key = await serverKey(stand, 'wide')
      return {
        project: 'wide',
        flags: plainFlags(0),
        key,
        load: { kind: 'segment', project: 'wide', segment: 'beta' },
      }
    },
  },
  {
    name: `while ${ARCHIVED.toLocaleString('en')} flags are archived`,
    atMostMs: LOADED_MS,
    clients: CLIENTS_OF_MANY_FLAGS,
    place: async (stand) => {
      await makeAttic(stand)
      const flags = plainFlags(0)
      const archived = Array.from({ length: MANY }, (_, i) => keyOf(i)).filter((key) => !flags.includes(key))
      const load: Load = { kind: 'archive', project: 'attic', flags: archived, atOnce: ARCHIVES_AT_ONCE }
      return { project: 'attic', flags, key: await serverKey(stand, 'attic'), load }
    },
  },
]
