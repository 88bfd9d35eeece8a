const STALLED_MS = 30_000 // a reader that takes nothing for so long has gone, or holds a place that others wait for

/**
 * A body of lines, made as fast as they are read. A reader that stalls is cut off; `done` is called once, however it
 * ends.
 */
export function lineStream(lines: AsyncIterator<string>, done: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const end = () => {
    clearTimeout(timer)
    if (!ended) done()
    ended = true
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(timer)
        try {
          const next = await lines.next()
          if (next.done) {
            end()
            controller.close()
            return
          }
          controller.enqueue(encoder.encode(`${next.value}\n`))
          timer = setTimeout(() => {
            end()
            void lines.return?.()
            controller.error(new Error('the reader takes nothing'))
          }, STALLED_MS)
        } catch (error) {
          end()
          controller.error(error)
        }
      },
      async cancel() {
        end()
        await lines.return?.()
      },
    },
    { highWaterMark: 1 },
  )
}
