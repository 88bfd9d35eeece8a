import { ControlError } from '../errors'

/** Why nobody was signed in, in words for whoever stands at the door. The page knows each by its code. */
const words = {
  away: 'the identity provider does not answer: try again shortly, or sign in another way',
  cancelled: 'the identity provider did not let you in',
  disabled: 'this account is disabled: ask an admin',
  'email-missing':
    'the identity provider tells no checked e-mail address, and Jackstaff needs one to make an account',
  'email-taken':
    'somebody with your e-mail address is here already: sign in as you did before, and link this provider in your settings under "Sessions"',
  expired:
    'this log-in was not begun in this browser, took longer than ten minutes, or was finished already: begin again',
  'groups-elsewhere':
    'you are in more groups than the identity provider tells at once: it has to send only those of this application',
  'last-admin':
    'your groups no longer make you an admin, and nobody else is one: somebody must make another first',
  linked: 'this account of the identity provider belongs to somebody else here already',
  'no-access': 'the identity provider knows you, but none of your groups has access here: ask an admin',
  'not-fresh': 'the identity provider did not ask you who you are again: sign out there, then try again',
  off: 'this way in is turned off: use another one',
  'other-person':
    'you signed in at the identity provider as somebody else: use the account that you use here',
  refused: 'what the identity provider answered does not hold: nobody was signed in',
} as const

export type SsoRefusal = keyof typeof words

export const isSsoRefusal = (code: unknown): code is SsoRefusal =>
  typeof code === 'string' && Object.hasOwn(words, code)

export const refusalWords = (code: SsoRefusal): string => words[code]

/** `why`: what was wrong, for the audit trail; the person is told no more than the code says. */
export function ssoRefused(code: SsoRefusal, why?: string): ControlError {
  const message = why === undefined ? words[code] : `${words[code]} (${why.slice(0, 300)})`
  return new ControlError(code === 'away' ? 'busy' : 'forbidden', message, [], { code: `sso_${code}` })
}

/** The code of `ssoRefused`, or null. */
export function refusalOf(error: unknown): SsoRefusal | null {
  const code = error instanceof ControlError && typeof error.extra.code === 'string' ? error.extra.code : ''
  const short = code.replace(/^sso_/, '')
  return isSsoRefusal(short) ? short : null
}
