import { exportAudit, listAudit } from '@/lib/control/audit'
import { handler } from '@/lib/http/handler'

export const GET = handler(listAudit, { lines: exportAudit })
