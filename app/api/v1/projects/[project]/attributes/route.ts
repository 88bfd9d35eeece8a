import { getAttributes, setAttributes } from '@/lib/control/attributes'
import { handler } from '@/lib/http/handler'

export const GET = handler(getAttributes)
export const PUT = handler(setAttributes)
