import { createHash } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'

const MOST = 100 // problems of a kind: what comes after says nothing new
const PAGE = 200 // versions in memory at once

type Where = { project: string; environment: string; version: number }

const names = sql`p.key as project, e.key as environment`
const joins = sql`join environment e on e.id = v.environment_id join project p on p.id = e.project_id`
const limit = sql.raw(`limit ${MOST}`)
const at = ({ project, environment, version }: Where) => `version ${version} of ${project}/${environment}`

const isNamed = sql`p.value ->> 'environment' = v.environment_id::text and p.value ->> 'epoch' = v.epoch::text
  and p.value ->> 'version' = v.version::text and p.value ->> 'hash' = v.hash`
/** What an entry says it published; nothing, where that was edited into no list at all. */
const published = sql`json_array_elements(case json_typeof(a.published) when 'array' then a.published else '[]'::json end)`

/** Versions and entries name each other: each version one entry, each entry the versions that it published. */
async function checkNames(db: Db | Tx): Promise<string[]> {
  const ask = <T extends Record<string, unknown>>(text: SQL) => db.execute<T>(text)
  const orphans = await ask<Where & { entry: string }>(sql`
    select ${names}, v.version, v.audit_id::text as entry from config_version v ${joins}
    where not exists (select 1 from audit a where a.id = v.audit_id)
    order by v.environment_id, v.version ${limit}`)
  const unnamed = await ask<Where & { entry: string }>(sql`
    select ${names}, v.version, a.id::text as entry
    from config_version v ${joins} join audit a on a.id = v.audit_id
    where a.seq is not null and not exists (select 1 from ${published} as p(value) where ${isNamed})
    order by v.environment_id, v.version ${limit}`)
  const lost = await ask<{ entry: string; environment: string; version: string }>(sql`
    select a.id::text as entry, p.value ->> 'environment' as environment, p.value ->> 'version' as version
    from audit a cross join lateral ${published} as p(value)
    left join config_version v on v.audit_id = a.id and ${isNamed}
    where a.published is not null and v.version is null order by a.id ${limit}`)
  return [
    ...orphans.map((row) => `${at(row)} names the entry with id ${row.entry}, which is missing`),
    ...unnamed.map((row) => `${at(row)} names the entry with id ${row.entry}, which names another`),
    ...lost.map(
      ({ entry, environment, version }) =>
        `the entry with id ${entry} published version ${version} of environment ${environment}, which is missing or was changed`,
    ),
  ]
}

type Version = Where & { environmentId: number; hash: string; patch: string }

async function* versionsOf(db: Db | Tx): AsyncGenerator<Version> {
  let after = sql`true`
  for (;;) {
    const page = await db.execute<Version>(sql`
      select ${names}, v.environment_id as "environmentId", v.version, v.hash, v.patch
      from config_version v ${joins} where ${after}
      order by v.environment_id, v.version limit ${sql.raw(String(PAGE))}`)
    yield* page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = sql`(v.environment_id, v.version) > (${last.environmentId}, ${last.version})`
  }
}

/** `hash = sha256(previous hash + patch)`, from the first version of an environment to the one that its head names. */
async function checkHashes(db: Db | Tx): Promise<string[]> {
  const problems: string[] = []
  const last = new Map<number, Version>()
  for await (const row of versionsOf(db)) {
    const before = last.get(row.environmentId)
    const from = (before?.version ?? 0) + 1
    if (row.version !== from) problems.push(`${at({ ...row, version: from })} is missing`)
    const hash = createHash('sha256')
      .update(before?.hash ?? '')
      .update(row.patch)
      .digest('hex')
    if (row.version === from && hash !== row.hash) problems.push(`${at(row)} was changed`)
    last.set(row.environmentId, { ...row, patch: '' })
    if (problems.length >= MOST) return problems
  }
  const heads = await db.execute<Where & { id: number; hash: string }>(sql`
    select ${names}, v.environment_id as id, v.version, v.hash from env_head v ${joins} order by v.environment_id`)
  for (const head of heads) {
    const found = last.get(head.id)
    if ((found?.version ?? 0) !== head.version || (found?.hash ?? '') !== head.hash)
      problems.push(`the head of ${head.project}/${head.environment} does not name its last version`)
  }
  return problems
}

/** Checks that versions follow each other, and that they and the audit entries name each other. */
export async function verifyVersions(db: Db | Tx): Promise<{ versions: number; problems: string[] }> {
  const [counted] = await db.execute<{ versions: number }>(
    sql`select count(*)::int as versions from config_version`,
  )
  return { versions: counted!.versions, problems: [...(await checkNames(db)), ...(await checkHashes(db))] }
}
