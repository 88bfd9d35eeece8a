import { allDrafts } from './use-draft'

const PERSON = 'person'

/**
 * Drafts outlive a session that ended by itself, for whoever comes back to them. Somebody else who signs in finds nothing
 * of theirs, in this tab or in the browser.
 */
export function ownTab(person: string): void {
  if (typeof window === 'undefined') return
  for (const storage of [sessionStorage, localStorage]) {
    const before = storage.getItem(PERSON)
    if (before === person) continue
    if (before !== null) {
      storage.clear()
      allDrafts.forget()
    }
    storage.setItem(PERSON, person)
  }
}
