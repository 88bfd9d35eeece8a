import { createProject, listProjects } from '@/lib/control/projects'
import { handler } from '@/lib/http/handler'

export const GET = handler(listProjects)
export const POST = handler(createProject, { status: 201 })
