import type { Targeting } from '@/lib/control/views'

type Kept = { text: string; beside: string }

/**
 * JSON that does not read yet is no draft: it is kept in the tab beside the draft that it was typed over, so that a reload
 * or a look at the sentences loses nothing. Once the draft is another, it is gone.
 */
export function keepText(key: string, text: string, targeting: Targeting): void {
  const kept: Kept = { text, beside: JSON.stringify(targeting) }
  try {
    sessionStorage.setItem(key, JSON.stringify(kept))
  } catch {
    sessionStorage.removeItem(key) // too long for the browser to keep
  }
}

export function keptText(key: string, targeting: Targeting): string | null {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Kept | null
  return kept?.beside === JSON.stringify(targeting) ? kept.text : null
}

export const forgetText = (key: string) => sessionStorage.removeItem(key)
