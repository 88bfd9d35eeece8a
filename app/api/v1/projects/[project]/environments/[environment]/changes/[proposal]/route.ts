import { editProposal, withdrawProposal } from '@/lib/control/changes/proposals'
import { getProposal } from '@/lib/control/changes/rows'
import { handler } from '@/lib/http/handler'

export const GET = handler(getProposal)
export const PATCH = handler(editProposal)
export const DELETE = handler(withdrawProposal)
