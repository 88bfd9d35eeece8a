import { approveProposal } from '@/lib/control/changes/proposals'
import { handler } from '@/lib/http/handler'

export const POST = handler(approveProposal)
