const LONGEST = 2_000
const HERE = 'https://here.invalid'

/**
 * A path of this dashboard that may be gone to after signing in; null where the text means anything else. Browsers read
 * "//", "/\" and what holds tabs or line ends as another host.
 *
 * @example nextPath('/projects/shop/flags?q=a') // the same
 * @example nextPath('//evil.example') // null
 */
export function nextPath(text: string | null | undefined): string | null {
  if (!text || text.length > LONGEST || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)) return null
  if (!URL.canParse(text, HERE)) return null
  const url = new URL(text, HERE)
  if (url.origin !== HERE || url.pathname.startsWith('//')) return null
  // What answers requests is no page to go to, and signing in again is no place to be after signing in.
  return /^\/(api|scim|sign-in|setup)(\/|$)/.test(url.pathname) ? null : url.pathname + url.search
}

/** Where people go who asked for nothing else. */
export const HOME = '/projects'
