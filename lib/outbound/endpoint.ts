/** Plain http never leaves the machine: what is said over it, everybody on the way can read and change. */
export const isLoopback = (host: string) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host)

const LONGEST = 2_000

/**
 * What is wrong with the address of a service that an admin trusts with log-ins, in words; null where nothing is.
 *
 * @example endpointFault('http://login.example.com') // 'use https: plain http is for this machine alone'
 */
export function endpointFault(text: string): string | null {
  if (text.length > LONGEST) return `at most ${LONGEST} characters`
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    return 'write an address such as https://login.example.com'
  const { protocol, hostname, username, password, hash } = new URL(text)
  if (username !== '' || password !== '') return 'leave name and password out of the address'
  if (hash !== '') return 'leave the part after "#" out: it is never sent'
  if (protocol === 'http:' && !isLoopback(hostname)) return 'use https: plain http is for this machine alone'
  return null
}
