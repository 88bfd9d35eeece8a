import { noSuchRoute } from '@/lib/http/no-such-route'
import { scim } from '@/lib/http/scim'

export const GET = scim(noSuchRoute)
export const POST = scim(noSuchRoute)
export const PUT = scim(noSuchRoute)
export const PATCH = scim(noSuchRoute)
export const DELETE = scim(noSuchRoute)
