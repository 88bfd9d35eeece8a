/**
 * What Jackstaff wants of a Redis: it makes things faster, and nothing rests on it. Every call answers within
 * `ANSWER_MS` or rejects.
 */
export type Redis = {
  get(key: string): Promise<string | null>
  /** Keeps a value under its order until a greater one comes. Answers whether it was kept. */
  keepNewest(key: string, order: number, value: string): Promise<boolean>
  /** Runs a Lua script, and answers with what it returns. */
  run(script: string, keys: string[], args: string[]): Promise<unknown>
  publish(channel: string, message: string): Promise<void>
  /** Calls `heard` for each message from now on, through every reconnect; false where this Redis has no such thing. */
  subscribe(channel: string, heard: (message: string) => void): Promise<boolean>
  close(): Promise<void>
}

/** A Redis that does not answer by then is left alone: whoever asks has another way. */
export const ANSWER_MS = 250

const KEEP_S = 7 * 24 * 60 * 60 // what nobody renews for a week is of an installation that is gone

/** KEYS: value, order. ARGV: value, order. */
export const KEEP_NEWEST = `
  local held = tonumber(redis.call('GET', KEYS[2]))
  if held and held >= tonumber(ARGV[2]) then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ${KEEP_S})
  redis.call('SET', KEYS[2], ARGV[2], 'EX', ${KEEP_S})
  return 1`

/** The answer, or a rejection once it is late. */
export function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Redis did not answer in ${ANSWER_MS} ms`)), ANSWER_MS)
    answer.then(resolve, reject).finally(() => clearTimeout(late))
  })
}
