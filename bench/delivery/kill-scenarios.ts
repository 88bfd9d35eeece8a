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
  place(stand: Stand): Promise<Place>
}

/** `key` opens the environment in which `flag` is killed. */
export type Place = { project: string; flag: string; key: string; load: Load | null }

const HEALTHY_MS = 100
const LOADED_MS = 1_000
const EDITORS = 200
const WIDE_ENVIRONMENTS = 50
const ARCHIVED = 10_000 - 1 // with the flag that is killed, as many as a project may have
const ARCHIVES_AT_ONCE = 100

const KILLED = keyOf(0)
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
  await createFlag(stand, 'wide', KILLED)
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
  await addFlags(stand.databaseUrl, 'attic', ENVIRONMENT, ARCHIVED)
  await createFlag(stand, 'attic', 'checkout')
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'in peace',
    atMostMs: HEALTHY_MS,
    place: async ({ serverKey: key }) => ({ project: PROJECT, flag: KILLED, key, load: null }),
  },
  {
    name: `while ${EDITORS} editors publish`,
    atMostMs: LOADED_MS,
    place: async ({ serverKey: key }) => ({
      project: PROJECT,
      flag: KILLED,
      key,
      load: { kind: 'edit', project: PROJECT, environment: ENVIRONMENT, flags: editedFlags() },
    }),
  },
  {
    name: `while a segment changes in ${WIDE_ENVIRONMENTS} environments`,
    atMostMs: LOADED_MS,
    place: async (stand) => {
      await makeWide(stand)
      const key = await serverKey(stand, 'wide')
      return {
        project: 'wide',
        flag: KILLED,
        key,
        load: { kind: 'segment', project: 'wide', segment: 'beta' },
      }
    },
  },
  {
    name: `while ${ARCHIVED.toLocaleString('en')} flags are archived`,
    atMostMs: LOADED_MS,
    place: async (stand) => {
      await makeAttic(stand)
      const flags = Array.from({ length: ARCHIVED }, (_, i) => keyOf(i))
      const load: Load = { kind: 'archive', project: 'attic', flags, atOnce: ARCHIVES_AT_ONCE }
      return { project: 'attic', flag: 'checkout', key: await serverKey(stand, 'attic'), load }
    },
  },
]
