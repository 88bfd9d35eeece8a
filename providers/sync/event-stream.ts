/** One item of a `text/event-stream`, as the HTML standard defines it. */
export type StreamItem =
  | { readonly type: 'event'; readonly name: string; readonly data: string }
  | { readonly type: 'retry'; readonly ms: number }
  | { readonly type: 'oversized' }

// The protocol's frames end at 32 KB; what grows beyond this is no Jackstaff stream.
const MAX_EVENT_CHARS = 262_144
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** Incremental parser: chunks may be cut anywhere, even between a CR and its LF. */
export class EventStreamParser {
  #rest = ''
  #afterCarriageReturn = false
  #name = ''
  #data: string[] = []
  #size = 0

  /** The items that this chunk completes. */
  push(chunk: string): StreamItem[] {
    const items: StreamItem[] = []
    const text = this.#rest + chunk
    let from = 0
    for (let at = this.#rest.length; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === LINE_FEED && this.#afterCarriageReturn) from = at + 1
      else if (code === LINE_FEED || code === CARRIAGE_RETURN) {
        const item = this.#line(text.slice(from, at))
        if (item) items.push(item)
        from = at + 1
      }
      this.#afterCarriageReturn = code === CARRIAGE_RETURN
    }
    this.#rest = text.slice(from)
    if (this.#size + this.#rest.length > MAX_EVENT_CHARS) items.push({ type: 'oversized' })
    return items
  }

  #line(line: string): StreamItem | null {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'event') this.#name = value
    if (field === 'data') {
      this.#data.push(value)
      this.#size += value.length
    }
    return field === 'retry' && /^\d+$/.test(value) ? { type: 'retry', ms: Number(value) } : null
  }

  #dispatch(): StreamItem | null {
    const event = { type: 'event', name: this.#name || 'message', data: this.#data.join('\n') } as const
    const complete = this.#data.length > 0
    this.#name = ''
    this.#data = []
    this.#size = 0
    return complete ? event : null
  }
}
