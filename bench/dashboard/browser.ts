import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { chromiumOptions } from '../../tests/support/chromium'
import { atEnd } from '../delivery/cleanup'
import type { Installation } from './installation'

const LOADS = 7
const SEARCHES = 20
const WORDS = ['checkout', 'banner', 'regional', 'login', 'ranking'] as const

export type InBrowser = {
  /** From the start of the navigation until the search box answers a key, ms. */
  readonly interactive: number[]
  /** From the last key until the rows are those of the search, ms. */
  readonly search: number[]
  readonly palette: number[]
  /** JavaScript of the flags page as it travelled, bytes. */
  readonly scripts: number
}

async function signedIn(browser: Browser, { url, cookie }: Installation): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const [name, value] = cookie.split('=') as [string, string]
  await context.addCookies([{ name, value, url }])
  return context
}

/** Types a letter as soon as there is a box, until the page has taken it up: what React has not hydrated says nothing. */
const whenItReacts = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          const box = document.querySelector<HTMLInputElement>('main [data-search]')
          const listens = box && Object.keys(box).some((key) => key.startsWith('__reactProps'))
          if (listens) resolve(performance.now())
          else setTimeout(look, 4)
        }
        look()
      }),
  )

/** A first visit: nothing is kept from the load before. */
async function load(browser: Browser, at: Installation) {
  const context = await signedIn(browser, at)
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  const types = new Map<string, string>()
  let scripts = 0
  session.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (types.get(requestId) === 'Script') scripts += encodedDataLength
  })
  await page.goto(`${at.url}/projects/large/flags`, { waitUntil: 'commit' })
  const interactive = await whenItReacts(page)
  await page.waitForLoadState('networkidle')
  await context.close()
  return { interactive, scripts }
}

/** From an input's last change until the rows named are there, seen by the page itself. */
const answered = (page: Page, box: string, text: string, rows: string, word: string) =>
  page.evaluate(
    ({ box, text, rows, word }) =>
      new Promise<number>((resolve, reject) => {
        const input = document.querySelector<HTMLInputElement>(box)!
        const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!
        const began = performance.now()
        const look = () => {
          const found = [...document.querySelectorAll(rows)]
          if (found.length > 0 && found.every((row) => row.textContent!.toLowerCase().includes(word)))
            resolve(performance.now() - began)
          else if (performance.now() - began > 10_000) reject(new Error(`no answer for ${text}`))
          else requestAnimationFrame(look)
        }
        set.call(input, text)
        input.dispatchEvent(new Event('input', { bubbles: true }))
        look()
      }),
    { box, text, rows, word },
  )

async function searches(page: Page): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < SEARCHES; i++) {
    const word = WORDS[i % WORDS.length]!
    times.push(await answered(page, 'main [data-search]', word, 'main tbody tr', word))
  }
  return times
}

async function inPalette(page: Page): Promise<number[]> {
  const times: number[] = []
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').waitFor()
  for (let i = 0; i < SEARCHES; i++) {
    const word = WORDS[i % WORDS.length]!
    times.push(await answered(page, '[role="combobox"]', word, '[role="option"]', word))
  }
  return times
}

export async function inBrowser(at: Installation): Promise<InBrowser> {
  const browser = await chromium.launch(chromiumOptions)
  atEnd(() => browser.close())
  await load(browser, at)
  const loads = []
  for (let i = 0; i < LOADS; i++) loads.push(await load(browser, at))
  const context = await signedIn(browser, at)
  const page = await context.newPage()
  await page.goto(`${at.url}/projects/large/flags`, { waitUntil: 'networkidle' })
  const search = await searches(page)
  const palette = await inPalette(page)
  await context.close()
  return {
    interactive: loads.map(({ interactive }) => interactive),
    search,
    palette,
    scripts: Math.max(...loads.map(({ scripts }) => scripts)),
  }
}
