import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip, type Gunzip } from 'node:zlib'

// A backup is gzip over lines: a header, each table as COPY writes it, and at the end a hash of all before. It names no
// version of Postgres, so it goes from the embedded server to any other and back.

export const FORMAT = 1

export type Header = {
  jackstaff: 'backup'
  format: number
  /** When the snapshot was taken, by the clock of Postgres. */
  at: string
  /** The last migration that the tables had seen. */
  migration: string
  /** What the installation's secret says of itself: a backup is of little use with another one. */
  secret: string
  /** What each sequence gave last. */
  sequences: Record<string, string>
}

export type TableHead = { table: string; columns: string[] }
export type Line =
  | { kind: 'header'; header: Header }
  | { kind: 'table'; head: TableHead }
  | { kind: 'row'; bytes: Buffer }
  | { kind: 'end-of-table' }

const NEWLINE = 0x0a
export const END_OF_TABLE = '\\.\n'
const TABLE = 'table '
const END = 'end sha256:'

export const headerLine = (header: Header) => `${JSON.stringify(header)}\n`
export const tableLine = (head: TableHead) => `${TABLE}${JSON.stringify(head)}\n`
export const endLine = (hash: string) => `${END}${hash}\n`

/** Whole lines with their ends. `readline` would also split at U+2028, which COPY leaves as it is. */
async function* split(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = []
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, at + 1)])
      rest = []
      from = at + 1
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
  }
  if (rest.length > 0) yield Buffer.concat(rest)
}

function unzipped(file: string): Gunzip {
  const source = createReadStream(file)
  const target = createGunzip()
  source.on('error', (error) => target.destroy(error)) // `pipe` passes no errors on
  return source.pipe(target)
}

function readHeader(file: string, text: string): Header {
  const header = JSON.parse(text.startsWith('{') ? text : 'null') as Header | null
  if (header?.jackstaff !== 'backup') throw new Error(`${file} is not a backup of Jackstaff`)
  if (header.format !== FORMAT)
    throw new Error(
      `${file} has format ${header.format}: this release reads ${FORMAT}; use the one that wrote it`,
    )
  return header
}

/**
 * What a backup holds, in order.
 *
 * @throws where it is not a backup, or, at its end, not the whole of one
 */
export async function* readBackup(file: string): AsyncGenerator<Line> {
  const hash = createHash('sha256')
  let place: 'start' | 'between' | 'table' | 'end' = 'start'
  for await (const bytes of split(unzipped(file))) {
    const text = place === 'table' ? '' : bytes.toString('utf8')
    if (place === 'between' && text.startsWith(END)) {
      if (text !== endLine(hash.digest('hex'))) throw new Error(`${file} was changed after it was written`)
      place = 'end'
      continue
    }
    hash.update(bytes)
    if (place === 'start') {
      yield { kind: 'header', header: readHeader(file, text) }
      place = 'between'
    } else if (place === 'table') {
      const isOver = bytes.equals(Buffer.from(END_OF_TABLE))
      if (isOver) place = 'between'
      yield isOver ? { kind: 'end-of-table' } : { kind: 'row', bytes }
    } else {
      yield { kind: 'table', head: JSON.parse(text.slice(TABLE.length)) as TableHead }
      place = 'table'
    }
  }
  if (place !== 'end') throw new Error(`${file} ends too early: it is not a whole backup`)
}

/** Reads all of a backup before anything is done with it; answers with its header and how many rows it has. */
export async function checkBackup(file: string): Promise<{ header: Header; rows: number }> {
  let header: Header | undefined
  let rows = 0
  try {
    for await (const line of readBackup(file)) {
      if (line.kind === 'header') header = line.header
      if (line.kind === 'row') rows++
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new Error(`${file}: there is no such file`)
    if (code === 'Z_BUF_ERROR') throw new Error(`${file} ends too early: it is not a whole backup`)
    if (code === 'Z_DATA_ERROR')
      throw new Error(`${file} is not a backup of Jackstaff, or is damaged: ${message}`)
    throw error
  }
  return { header: header!, rows }
}
