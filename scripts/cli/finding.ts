/** What a check found: `wrong` ends the command with 1. Each says what it means and what to do. */
export type Finding = { standing: 'good' | 'wrong' | 'skipped'; words: string }

export const good = (words: string): Finding => ({ standing: 'good', words })
export const wrong = (words: string): Finding => ({ standing: 'wrong', words })
export const skipped = (words: string): Finding => ({ standing: 'skipped', words })
