import 'server-only'
import type { JackstaffProvider } from '@jackstaff/openfeature-server'
import type { JackstaffWebProviderOptions } from '@jackstaff/openfeature-web'
import { type EvaluationContext, OpenFeature } from '@openfeature/server-sdk'

/** Decides flags on the server, all of them. instrumentation.ts gave it its provider. */
export const flags = OpenFeature.getClient()

/** What the browser of one visitor starts from, and how it then follows Jackstaff. All of it becomes part of the page. */
export async function browserFlags(context: EvaluationContext): Promise<JackstaffWebProviderOptions> {
  const provider = OpenFeature.getProvider() as JackstaffProvider
  return {
    url: process.env.JACKSTAFF_URL ?? 'http://localhost:3000',
    key: process.env.JACKSTAFF_CLIENT_KEY ?? '',
    bootstrap: (await provider.residual(context)) ?? undefined, // without Jackstaff, from defaults
  }
}
