import type { Config } from './types'

/**
 * How a config travels: JSON that keeps to an order and has each segment and each flag on a line of its own, as its
 * first member promises. No JSON string holds a line break, so the lines can be told apart without parsing them: of
 * thousands of flags a reader parses those that are asked for.
 */
const PROMISE = '{"layout":"lines",'
const SEGMENTS = '"segments":{'
const FLAGS = '},"flags":{'
const END = '}}'

/** The texts of flags and segments by key, and the rest of the config parsed. */
export type ConfigLines = {
  readonly envelope: unknown
  readonly segments: ReadonlyMap<string, string>
  readonly flags: ReadonlyMap<string, string>
}

/**
 * A config as text for the wire.
 *
 * @example response.end(writeConfig(config))
 */
export function writeConfig({ flags, segments, ...rest }: Config): string {
  const texts = (record: object) =>
    Object.entries(record).map(([key, value]) => [key, JSON.stringify(value)] as const)
  return joinLines(rest, texts(segments), texts(flags))
}

type Texts = Iterable<readonly [key: string, text: string]>

export function joinLines(rest: object, segments: Texts, flags: Texts): string {
  const lines = (texts: Texts) =>
    Array.from(texts, ([key, text]) => `${JSON.stringify(key)}:${text}`).join(',\n')
  const head = `${PROMISE}${JSON.stringify(rest).slice(1, -1)},${SEGMENTS}`
  return [head, lines(segments), FLAGS, lines(flags), END].filter((line) => line !== '').join('\n')
}

/** Takes a config's text apart. `null` where it makes no promise of lines; throws where it breaks it, as a cut-off text does. */
export function splitLines(text: string): ConfigLines | null {
  if (!text.startsWith(PROMISE)) return null
  const lines = text.split('\n')
  const [head] = lines
  const turn = lines.indexOf(FLAGS)
  if (!head!.endsWith(SEGMENTS) || turn === -1 || lines.at(-1) !== END)
    throw new SyntaxError('a line is missing')
  return {
    envelope: JSON.parse(`${head}${FLAGS}${END}`),
    segments: members(lines, 1, turn),
    flags: members(lines, turn + 1, lines.length - 1),
  }
}

function members(lines: readonly string[], start: number, end: number): Map<string, string> {
  const texts = new Map<string, string>()
  for (let i = start; i < end; i++) {
    const line = lines[i]!
    const colon = line.indexOf('":')
    if (!line.startsWith('"') || colon === -1) throw new SyntaxError('a line holds no member')
    texts.set(line.slice(1, colon), line.slice(colon + 2, i + 1 < end ? -1 : undefined))
  }
  return texts
}
