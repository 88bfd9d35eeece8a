import { JackstaffWebProvider } from '@jackstaff/openfeature-web'
import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk'

// The browser part: the same flags, decided in this tab, followed live.

const { url, key, visitor, page } = JSON.parse(document.getElementById('browser').textContent)
const byId = (id) => document.getElementById(id)
const client = OpenFeature.getClient()

function cell(flag, { value, reason, errorCode }) {
  const tab = document.querySelector(`[data-flag="${flag}"] [data-side="tab"]`)
  if (!tab) return
  tab.querySelector('b').textContent = JSON.stringify(value)
  tab.querySelector('i').textContent = errorCode ? `${reason}: ${errorCode}` : reason
}

function say(text) {
  const status = byId('status')
  if (status) status.textContent = text
}

function showBanner(text) {
  const banner = byId('banner')
  if (!banner) return
  banner.textContent = text
  banner.hidden = text === ''
}

function showCheckout(isNew) {
  const kind = byId('checkout-kind')
  if (!kind || page !== 'shop') return
  kind.dataset.new = String(isNew)
  kind.textContent = isNew ? 'One-page checkout: pay in one step.' : 'Classic checkout: three steps.'
}

function render() {
  const checkout = client.getBooleanDetails('new-checkout', false)
  const banner = client.getStringDetails('sale-banner', '')
  cell('new-checkout', checkout)
  cell('sale-banner', banner)
  showCheckout(checkout.value)
  showBanner(banner.value)
}

async function renderCrowd() {
  const crowd = await (await fetch('/crowd.json')).json()
  const dots = byId('crowd').children
  for (const [i, isNew] of crowd.entries()) dots[i].classList.toggle('on', isNew)
  byId('share').textContent = ((100 * crowd.filter(Boolean).length) / crowd.length).toFixed(1)
}

const time = () => new Date().toLocaleTimeString()

OpenFeature.addHandler(ProviderEvents.Ready, () => {
  render()
  say('Live: changes arrive as they are published.')
})
OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, ({ flagsChanged }) => {
  render()
  say(`Changed at ${time()}: ${flagsChanged?.join(', ') || 'nothing of this page'}`)
  if (page === 'crowd') void renderCrowd()
})
OpenFeature.addHandler(ProviderEvents.Stale, () => say('Jackstaff is away: the last values stay.'))
OpenFeature.addHandler(ProviderEvents.Error, ({ message }) => say(`Flags: ${message}`))

OpenFeature.setProvider(new JackstaffWebProvider({ url, key }), { targetingKey: visitor })
