/** What the inspector of a Node process says of its heap: `--inspect=127.0.0.1:<port>`. */
export async function inspect(port: number) {
  const [{ webSocketDebuggerUrl }] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as [
    { webSocketDebuggerUrl: string },
  ]
  const socket = new WebSocket(webSocketDebuggerUrl)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', reject, { once: true })
  })
  const waiting = new Map<number, (result: { usedSize: number }) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data))
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  let serial = 0
  const ask = (method: string): Promise<{ usedSize: number }> =>
    new Promise((resolve) => {
      const id = ++serial
      waiting.set(id, resolve)
      socket.send(JSON.stringify({ id, method }))
    })
  return {
    /** Bytes that are still used once all garbage is collected. */
    async heap(): Promise<number> {
      await ask('HeapProfiler.collectGarbage')
      return (await ask('Runtime.getHeapUsage')).usedSize
    },
    close: () => socket.close(),
  }
}
