import { deliver } from '@/lib/delivery/mount'

export const GET = deliver
export const POST = deliver
export const OPTIONS = deliver
