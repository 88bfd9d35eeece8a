import type { Browser } from '@playwright/test'

const EXCUSED = [
  // That a server is away is no fault of the page.
  /Failed to load|Jackstaff/,
  // OpenFeature's React SDK suspends by the provider's status at that moment: where the provider is ready before React
  // has rendered again, it does not call use() a second time. React says so while one develops, and goes on.
  /conditional-use-of-use.*suspendUntilInitialized/s,
]

/** A page that writes down whatever an element says from its first moment on, and what the browser complains of. */
export async function watchedPage(browser: Browser, selector: string) {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => void complaints.push(error.message))
  page.on('console', (message) => {
    const matters = ['error', 'warning'].includes(message.type())
    if (matters && !EXCUSED.some((known) => known.test(message.text()))) complaints.push(message.text())
  })
  await page.addInitScript((selector) => {
    const said: (string | null)[] = []
    const look = () => {
      const text = document.querySelector(selector)?.textContent ?? null
      if (text !== (said.at(-1) ?? null)) said.push(text)
    }
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
    Object.assign(window, { said })
  }, selector)
  /** All its texts in order; `null` where it was gone again. */
  const said = () => page.evaluate(() => (window as unknown as { said: (string | null)[] }).said)
  return { page, complaints, said }
}
