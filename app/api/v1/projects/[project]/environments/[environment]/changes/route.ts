import { submitChanges } from '@/lib/control/changes/proposals'
import { listProposals } from '@/lib/control/changes/rows'
import { handler } from '@/lib/http/handler'

export const GET = handler(listProposals)
export const POST = handler(submitChanges, { status: 201 })
