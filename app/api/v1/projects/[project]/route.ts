import { getProject } from '@/lib/control/projects'
import { handler } from '@/lib/http/handler'

export const GET = handler(getProject)
