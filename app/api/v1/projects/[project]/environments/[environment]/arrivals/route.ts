import { getArrivals } from '@/lib/control/arrivals'
import { handler } from '@/lib/http/handler'

export const GET = handler(getArrivals)
