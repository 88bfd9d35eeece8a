import { evaluateFlags } from '@/lib/control/evaluate'
import { handler } from '@/lib/http/handler'

export const POST = handler(evaluateFlags, { limit: 'reads' })
