import { networkFault, parseNetwork, readAddress, within } from './networks'
import { type Entry, someOf } from './operator-entry'
import { type Check, fault, string } from './shape'

const network: Check = (input) => {
  const found = string(input)
  if (found) return found
  const complaint = networkFault(input as string)
  return complaint === null ? null : fault(complaint)
}

export const networkOperators = {
  ip_in_cidr: {
    values: someOf(network),
    prepare: (values) => {
      const networks = (values as readonly string[]).map((value) => parseNetwork(value)!)
      return (actual) => {
        const address = typeof actual === 'string' ? readAddress(actual) : null
        if (address === null) return undefined
        for (const network of networks) if (within(address, network)) return true
        return false
      }
    },
  },
} as const satisfies Readonly<Record<string, Entry>>
