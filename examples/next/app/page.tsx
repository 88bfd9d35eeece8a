import { randomUUID } from 'node:crypto'
import { redirect } from 'next/navigation'
import { browserFlags, flags } from '../flags'
import { FlagsProvider } from './flags-provider'
import { SaleBanner } from './sale-banner'

export default async function Page({ searchParams }: PageProps<'/'>) {
  const { visitor } = await searchParams
  if (typeof visitor !== 'string') redirect(`/?visitor=${randomUUID().slice(0, 8)}`)
  const context = { targetingKey: visitor }
  const newCheckout = await flags.getBooleanValue('new-checkout', false, context)

  return (
    <FlagsProvider key={visitor} context={context} options={await browserFlags(context)}>
      <main>
        <h1>Harbour Supply</h1>
        <SaleBanner />
        <p className="checkout">{newCheckout ? 'Pay in one step.' : 'Pay in three steps.'}</p>
        <footer>
          You are {visitor}. <a href="/">Be someone else</a>
        </footer>
      </main>
    </FlagsProvider>
  )
}
