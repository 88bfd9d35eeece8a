import { storeCookie } from '@/app/_ui/cookies'

export const THEME_COOKIE = 'theme'

const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const readTheme = (value: string | undefined): Theme =>
  themes.find((theme) => theme === value) ?? 'system'

/** Kept in a cookie, so that the server's first byte already has the right colours. */
export function storeTheme(theme: Theme) {
  document.documentElement.dataset.theme = theme
  storeCookie(THEME_COOKIE, theme)
}
