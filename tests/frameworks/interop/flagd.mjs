import { FlagdProvider } from '@openfeature/flagd-provider'
import { OpenFeature, ProviderEvents } from '@openfeature/server-sdk'

// An application with the provider of flagd that decides in process, for flagd.test.ts: it prints what it sees.

const { GRPC_PORT = '', SELECTOR = '', CERT_PATH } = process.env
const say = (event, rest = {}) => console.log(JSON.stringify({ event, ...rest }))

const provider = new FlagdProvider({
  resolverType: 'in-process',
  host: 'localhost',
  port: Number(GRPC_PORT),
  selector: SELECTOR,
  retryBackoffMaxMs: 100,
  tls: CERT_PATH !== undefined,
  certPath: CERT_PATH,
})
const client = OpenFeature.getClient()
const look = async (event, message) => {
  const checkout = await client.getBooleanDetails('new-checkout', false, { targetingKey: 'ana' })
  const banner = await client.getStringDetails('sale-banner', 'the default', { targetingKey: 'ana' })
  const nowhere = await client.getStringDetails('nowhere', 'the default')
  say(event, { message, checkout, banner, nowhere })
}

client.addHandler(ProviderEvents.ConfigurationChanged, () => look('changed'))
client.addHandler(ProviderEvents.Stale, ({ message }) => look('stale', message))
await OpenFeature.setProviderAndWait(provider).then(
  () => look('ready'),
  ({ message }) => say('refused', { message }),
)
