import { sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { beginning, chained, entryHash, INSTALLATION_CHAIN, type LinkedText, unchained } from './audit-chain'
import { swapped } from './audit-swapped'

/** What is wrong with a chain, in words that name the entries. */
export type ChainReport = {
  chain: number
  /** `installation`, or the key of the project. */
  name: string
  /** Entries of the chain. */
  entries: number
  /** Entries of before the chain. */
  former: number
  /** The last entry that is as it was written. */
  last: { seq: number; hash: string }
  problems: string[]
}

type Head = { chain: number; seq: number; hash: string; begun: string; formerTo: number }
type Chain = { chain: number; name: string; head: Head | null }

const MOST_SUSPECTS = 200 // compared with each other
const MOST_PROBLEMS = 1_000 // a chain: what comes after says nothing new

const isGenuine = (row: LinkedText) => row.prevHash !== null && row.hash === entryHash(row.prevHash, row)
const nameOf = (row: LinkedText) => `entry ${row.seq} (id ${row.id})`
const span = (from: number, to: number) =>
  from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`

/** Every chain that anything says there is. */
async function chainsOf(db: Db | Tx): Promise<Chain[]> {
  const rows = await db.execute<
    { chain: number; key: string | null } & Record<keyof Head, string | null>
  >(sql`
    select c.chain, p.key, h.seq::text, h.hash, h.begun, h.former_to::text as "formerTo"
    from (select ${INSTALLATION_CHAIN}::int as chain union select id from project union select chain from audit_head) c
    left join audit_head h on h.chain = c.chain left join project p on p.id = c.chain order by c.chain`)
  return rows.map(({ chain, key, seq, hash, begun, formerTo }) => ({
    chain,
    name: key ?? (chain === INSTALLATION_CHAIN ? 'installation' : `chain ${chain}, which no project has`),
    head:
      seq === null
        ? null
        : { chain, seq: Number(seq), hash: hash!, begun: begun!, formerTo: Number(formerTo) },
  }))
}

/** Walks one chain. An entry is genuine by itself: its hash covers what it follows, its place and all that it says. */
class Walk {
  readonly problems: string[] = []
  readonly suspects: LinkedText[] = []
  entries = 0
  last = { seq: 0, hash: '' }
  /** What the first entry follows. */
  first: string | null = null
  private odd: LinkedText[] = []

  say(problem: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(problem)
  }

  take(row: LinkedText): void {
    this.entries++
    if (!isGenuine(row)) {
      if (this.odd.length < MOST_PROBLEMS) this.odd.push(row)
      return
    }
    const seq = row.seq!
    if (seq === this.last.seq) {
      this.say(`${nameOf(row)} stands in the place of another: it comes from another history`)
      return
    }
    this.settle(seq)
    if (seq === 1) this.first = row.prevHash
    else if (seq === this.last.seq + 1 && row.prevHash !== this.last.hash)
      this.say(`${nameOf(row)} does not follow entry ${this.last.seq}: it comes from another history`)
    this.last = { seq, hash: row.hash! }
  }

  /** What stands between the last genuine entry and the one at `next`: in place of another, or beside them all. */
  settle(next: number, end = ''): void {
    let expected = this.last.seq + 1
    for (const row of this.odd) {
      const seq = row.seq!
      if (seq < expected || seq >= next) {
        this.say(`${nameOf(row)} was inserted`)
        continue
      }
      if (seq > expected) this.say(span(expected, seq - 1))
      this.suspects.push(row)
      expected = seq + 1
    }
    if (expected < next) this.say(span(expected, next - 1) + end)
    this.odd = []
  }
}

/** Names what was changed, apart from entries that were exchanged for each other. */
function nameSuspects(walk: Walk): void {
  const pairs = swapped(walk.suspects.slice(0, MOST_SUSPECTS))
  const exchanged = new Set(pairs.flat())
  for (const [a, b] of pairs) walk.say(`${nameOf(a)} and ${nameOf(b)} were swapped`)
  for (const row of walk.suspects) if (!exchanged.has(row)) walk.say(`${nameOf(row)} was changed`)
}

/** What is wrong with a head, beside a last genuine entry; null where nothing is, or where entries may be missing. */
function oddHead(last: Walk['last'], head: Head): string | null {
  if (head.seq < last.seq) return `it names entry ${head.seq}, and entry ${last.seq} is genuine`
  if (last.seq === 0) return head.seq === 0 && head.hash !== head.begun ? 'its hash begins no chain' : null
  if (head.seq === last.seq)
    return head.hash === last.hash ? null : `its hash is not that of entry ${last.seq}`
  return head.hash === last.hash ? `it names entry ${head.seq} by the hash of entry ${last.seq}` : null
}

function checkEnd(walk: Walk, head: Head | null): void {
  const { last } = walk
  const odd = head ? oddHead(last, head) : walk.entries > 0 ? 'it is missing' : null
  if (odd !== null) walk.say(`the head was changed: ${odd}`)
  const isTrue = head !== null && odd === null
  walk.settle(isTrue ? head.seq + 1 : last.seq + 1, ' at the end')
}

/** The entries of before the chain, which its first entry covers, and those that stand outside it. */
async function checkBeginning(db: Db | Tx, walk: Walk, chain: number, head: Head | null): Promise<number> {
  let former = 0
  async function* before() {
    for await (const row of unchained(db, chain)) {
      if (head && row.id > head.formerTo) {
        walk.say(`entry with id ${row.id} stands outside the chain: an older release wrote it, or a hand`)
        continue
      }
      former++
      yield row
    }
  }
  const found = await beginning(chain, before())
  if (!head) return former
  const begins = walk.first ?? (head.seq === 0 ? head.hash : null)
  if (found.begun !== head.begun)
    walk.say(
      begins === found.begun
        ? 'the head was changed: it is not what the chain begins with'
        : 'the entries of before the chain were changed: one was edited, inserted or removed',
    )
  else if (begins !== null && begins !== head.begun)
    walk.say('entry 1 does not follow what the chain begins with: it comes from another history')
  else if (found.formerTo !== head.formerTo)
    walk.say('the head was changed: it names another entry as the last before the chain')
  return former
}

async function verifyChain(db: Db | Tx, { chain, name, head }: Chain): Promise<ChainReport> {
  const walk = new Walk()
  for await (const row of chained(db, chain)) walk.take(row)
  checkEnd(walk, head)
  nameSuspects(walk)
  const former = await checkBeginning(db, walk, chain, head)
  const { entries, last, problems } = walk
  return { chain, name, entries, former, last, problems }
}

/**
 * Checks every chain of audit entries, in constant memory. Run it where nothing changes under it: in a transaction that
 * reads one snapshot.
 */
export async function* verifyChains(db: Db | Tx): AsyncGenerator<ChainReport> {
  for (const chain of await chainsOf(db)) yield await verifyChain(db, chain)
}
