import { execFileSync } from 'node:child_process'

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

export type Namespace = Awaited<ReturnType<typeof openNamespace>>

/**
 * A network of its own, with one cable to this machine's: `here` is our address on it, `there` that of who runs inside.
 * Needs root, iproute2 and nftables; where they are refused it says so.
 */
export async function openNamespace() {
  const name = `jackstaff-${process.pid}`
  const [near, far] = [`js${process.pid}a`, `js${process.pid}b`]
  const subnet = `10.213.${process.pid % 256}`
  const [here, there] = [`${subnet}.1`, `${subnet}.2`]
  const inside = (...words: string[]) => run('ip', 'netns', 'exec', name, ...words)
  try {
    run('ip', 'netns', 'add', name)
    run('ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name)
    run('ip', 'addr', 'add', `${here}/30`, 'dev', near)
    run('ip', 'link', 'set', near, 'up')
    inside('ip', 'addr', 'add', `${there}/30`, 'dev', far)
    inside('ip', 'link', 'set', far, 'up')
    inside('ip', 'link', 'set', 'lo', 'up')
    inside('nft', 'add table inet faults')
    for (const hook of ['input', 'output'])
      inside('nft', `add chain inet faults ${hook} { type filter hook ${hook} priority 0; }`)
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string }
    throw new Error(
      `this test needs root, network namespaces, iproute2 and nftables, and they were refused: ${stderr || message}`,
    )
  }
  return {
    here,
    there,
    /** What to put before a command so that it runs inside. */
    enter: ['netns', 'exec', name],
    /** Every packet to or from a port over here vanishes: nobody is told. */
    drop(port: number) {
      inside('nft', `add rule inet faults output tcp dport ${port} drop`)
      inside('nft', `add rule inet faults input tcp sport ${port} drop`)
    },
    pass: () => inside('nft', 'flush table inet faults'),
    remove() {
      run('ip', 'netns', 'del', name) // the cable goes with it
    },
  }
}
