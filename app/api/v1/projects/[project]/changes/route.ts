import { listProposals } from '@/lib/control/changes/rows'
import { handler } from '@/lib/http/handler'

export const GET = handler(listProposals)
