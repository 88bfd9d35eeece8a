/** Bytes that are still used once all garbage is collected; `code`: those of them that hold compiled code and what belongs to it. */
export type Heap = { used: number; code: number }

const CODE = `JSON.stringify(process.getBuiltinModule('v8').getHeapCodeStatistics())`

type Usage = { usedSize: number }
type Evaluated = { result: { value: string } }

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
  const waiting = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data))
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  let serial = 0
  const ask = <Result>(method: string, params?: object): Promise<Result> =>
    new Promise((resolve) => {
      const id = ++serial
      waiting.set(id, resolve as (result: unknown) => void)
      socket.send(JSON.stringify({ id, method, params }))
    })
  return {
    async heap(): Promise<Heap> {
      await ask('HeapProfiler.collectGarbage')
      const { usedSize: used } = await ask<Usage>('Runtime.getHeapUsage')
      const { result } = await ask<Evaluated>('Runtime.evaluate', { expression: CODE })
      const { code_and_metadata_size: code, bytecode_and_metadata_size: bytecode } = JSON.parse(result.value)
      return { used, code: code + bytecode }
    },
    close: () => socket.close(),
  }
}
