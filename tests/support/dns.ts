import { createSocket } from 'node:dgram'

const A = 1
const AAAA = 28

/** The name that a query asks for, and where its question ends. */
function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  while (query[at] !== 0) {
    const length = query[at]!
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function groupsOf(text: string): Buffer {
  const [head = '', tail] = text.split('::')
  const read = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  const before = read(head)
  const after = read(tail ?? '')
  const bytes = Buffer.alloc(16)
  for (const [i, group] of before.entries()) bytes.writeUInt16BE(group, i * 2)
  for (const [i, group] of after.entries()) bytes.writeUInt16BE(group, 16 - (after.length - i) * 2)
  return bytes
}

const bytesOf = (address: string) =>
  address.includes(':') ? groupsOf(address) : Buffer.from(address.split('.').map(Number))

function record(address: string): Buffer {
  const data = bytesOf(address)
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0) // the name of the question
  head.writeUInt16BE(data.length === 4 ? A : AAAA, 2)
  head.writeUInt16BE(1, 4) // class IN; a time to live of 0
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

/** A name server on this machine. `answer`: the addresses of a name at its nth question of a kind, from 1 on. */
export async function startDns(answer: (name: string, nth: number) => readonly string[]) {
  const asked = new Map<string, number>()
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query)
    const nth = (asked.get(`${type} ${name}`) ?? 0) + 1
    asked.set(`${type} ${name}`, nth)
    const fitting = answer(name, nth).filter((address) => (type === AAAA) === address.includes(':'))
    const head = Buffer.from(query.subarray(0, end))
    head.writeUInt16BE(0x8180, 2)
    head.writeUInt16BE(fitting.length, 6)
    head.writeUInt16BE(0, 8)
    head.writeUInt16BE(0, 10)
    socket.send(Buffer.concat([head, ...fitting.map(record)]), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return {
    server: `127.0.0.1:${socket.address().port}`,
    /** How often a name's IPv4 addresses were asked for. */
    asked: (name: string) => asked.get(`${A} ${name}`) ?? 0,
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  }
}
