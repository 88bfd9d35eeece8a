import 'server-only'
import type { JackstaffWebProviderOptions } from '@jackstaff/openfeature-web'
import { type EvaluationContext, OpenFeature } from '@openfeature/server-sdk'

/** Decides flags on the server, all of them. instrumentation.ts gave it its provider. */
export const flags = OpenFeature.getClient()

/** What a browser needs to ask Jackstaff itself. All of it becomes part of the page. */
export async function browserFlags(context: EvaluationContext): Promise<JackstaffWebProviderOptions> {
  const url = process.env.JACKSTAFF_URL ?? 'http://localhost:3000'
  const key = process.env.JACKSTAFF_CLIENT_KEY ?? ''
  return { url, key, bootstrap: await bootstrap(url, key, context) }
}

/** The flags that the first render is made of, here and in the browser. `undefined`: both start from defaults. */
async function bootstrap(url: string, key: string, _context: EvaluationContext) {
  const response = await fetch(`${url}/config?key=${key}`, { cache: 'no-store' }).catch(() => null)
  return response?.ok ? await response.json() : undefined
}
