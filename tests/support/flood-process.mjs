import { Agent, request } from 'node:http'

/**
 * Sends so many requests a second for so many seconds, whether they are answered or not. Prints what came of them: how many had
 * which status, how many of the refused said when to come back, and the longest wait.
 *
 * node flood-process.mjs <url> <authorization> <a second> <seconds>
 */
const [url, authorization, rate, seconds] = process.argv.slice(2)
const TICK_MS = 10
const MOST_OPEN = 3_000
const agent = new Agent({ keepAlive: true, maxSockets: MOST_OPEN })
const statuses = {}
let open = 0
let sent = 0
let unsent = 0
let withRetryAfter = 0
let slowestMs = 0

function send() {
  if (open >= MOST_OPEN) return unsent++
  open++
  sent++
  const began = performance.now()
  const over = (status, retryAfter) => {
    open--
    statuses[status] = (statuses[status] ?? 0) + 1
    if (retryAfter !== undefined) withRetryAfter++
    slowestMs = Math.max(slowestMs, performance.now() - began)
  }
  request(url, { agent, headers: { authorization } }, (answer) => {
    answer.resume().on('end', () => over(answer.statusCode, answer.headers['retry-after']))
  })
    .on('error', ({ code }) => over(code))
    .end()
}

const began = performance.now()
let due = 0
const timer = setInterval(() => {
  const elapsed = Math.min(performance.now() - began, seconds * 1_000)
  while (due < (elapsed / 1_000) * rate) {
    due++
    send()
  }
  if (elapsed < seconds * 1_000 || open > 0) return
  clearInterval(timer)
  agent.destroy()
  console.log(JSON.stringify({ sent, unsent, statuses, withRetryAfter, slowestMs }))
}, TICK_MS)
