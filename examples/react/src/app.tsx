import { useBooleanFlagValue, useStringFlagValue } from '@openfeature/react-sdk'
import { visitor } from './flags'

export function App() {
  return (
    <main>
      <h1>Harbour Supply</h1>
      <SaleBanner />
      <Checkout />
      <footer>You are {visitor}.</footer>
    </main>
  )
}

function SaleBanner() {
  const text = useStringFlagValue('sale-banner', '')
  return text && <p className="banner">{text}</p>
}

function Checkout() {
  const isNew = useBooleanFlagValue('new-checkout', false)
  return <p className="checkout">{isNew ? 'Pay in one step.' : 'Pay in three steps.'}</p>
}
