import { rejectProposal } from '@/lib/control/changes/proposals'
import { handler } from '@/lib/http/handler'

export const POST = handler(rejectProposal)
