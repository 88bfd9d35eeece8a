export const THEME_COOKIE = 'theme'
const YEAR_SECONDS = 365 * 24 * 60 * 60

const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const readTheme = (value: string | undefined): Theme =>
  themes.find((theme) => theme === value) ?? 'system'

/** Kept in a cookie, so that the server's first byte already has the right colours. */
export function storeTheme(theme: Theme) {
  document.documentElement.dataset.theme = theme
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
}
