import { OpenFeature, OpenFeatureProvider, useBooleanFlagValue, useFlag } from '@openfeature/react-sdk'
import { useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { JackstaffWebProvider, type JackstaffWebProviderOptions } from '../../../providers/web/src'

// The page of react.test.ts: components that count how often they render.

export type Counts = { banner: number; bannerDetails: number; checkout: number; parent: number }

const renders: Counts = { banner: 0, bannerDetails: 0, checkout: 0, parent: 0 }

/**
 * Counts what React has rendered and kept. The SDK's hooks also set the same provider status again on each change;
 * React may then call a component once to find out that nothing is new, and renders nothing.
 */
function useCount(name: keyof Counts): void {
  useLayoutEffect(() => {
    renders[name]++
  })
}

function Banner() {
  useCount('banner')
  return <p id="banner">{useFlag('sale-banner', '').value}</p>
}

function BannerDetails() {
  useCount('bannerDetails')
  const { variant, reason } = useFlag('sale-banner', '')
  return <p id="details">{`${variant} ${reason}`}</p>
}

function Checkout() {
  useCount('checkout')
  return <p id="checkout">{useBooleanFlagValue('new-checkout', false) ? 'new' : 'old'}</p>
}

function Parent() {
  useCount('parent')
  return (
    <>
      <Banner />
      <BannerDetails />
      <Checkout />
    </>
  )
}

async function open(options: JackstaffWebProviderOptions): Promise<Counts> {
  await OpenFeature.setProviderAndWait(new JackstaffWebProvider(options), { targetingKey: 'ana' })
  const container = document.body.appendChild(document.createElement('main'))
  createRoot(container).render(
    <OpenFeatureProvider>
      <Parent />
    </OpenFeatureProvider>,
  )
  return renders
}

Object.assign(window, { open, renders })
