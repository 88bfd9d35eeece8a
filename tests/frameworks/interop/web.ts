import { OFREPWebProvider } from '@openfeature/ofrep-web-provider'
import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk'

// A page with the OFREP provider for browsers, for ofrep-web.test.ts.

type Options = { url: string; key: string; pollInterval?: number; changeDetection?: 'sse' | 'polling' }

const events: string[] = []

async function open({ url, key, ...options }: Options): Promise<string> {
  for (const event of [
    ProviderEvents.ConfigurationChanged,
    ProviderEvents.Error,
    ProviderEvents.Stale,
  ] as const)
    OpenFeature.addHandler(event, (details) => {
      const { flagsChanged } = (details ?? {}) as { flagsChanged?: string[] }
      events.push([event, ...(flagsChanged ?? [])].join(' '))
    })
  await OpenFeature.setContext({ targetingKey: 'ana' })
  const provider = new OFREPWebProvider({
    baseUrl: url,
    headers: [['Authorization', `Bearer ${key}`]],
    cacheMode: 'disabled',
    ...options,
  })
  return OpenFeature.setProviderAndWait(provider).then(
    () => 'ready',
    (error: Error) => `${error.message}: ${(error.cause as Error | undefined)?.message}`,
  )
}

Object.assign(window, {
  open,
  events,
  look: () => {
    const client = OpenFeature.getClient()
    return {
      checkout: client.getBooleanDetails('new-checkout', false),
      banner: client.getStringDetails('sale-banner', 'the default'),
      hidden: client.getStringDetails('hidden', 'the default'),
    }
  },
  become: (targetingKey: string) => OpenFeature.setContext({ targetingKey }),
})
