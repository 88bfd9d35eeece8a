'use client'

import { useStringFlagValue } from '@openfeature/react-sdk'

/** Follows its flag live. Its first render, on the server and in the browser, is made of the bootstrap. */
export function SaleBanner() {
  const text = useStringFlagValue('sale-banner', '')
  return text && <p className="banner">{text}</p>
}
