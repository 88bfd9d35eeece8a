import type { ProposalView } from '@/lib/control/views'

/** Nothing has become of it yet. */
export const isPending = ({ status }: Pick<ProposalView, 'status'>) =>
  ['draft', 'open', 'scheduled', 'held'].includes(status)
