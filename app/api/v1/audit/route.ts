import { exportInstallationAudit, listInstallationAudit } from '@/lib/control/audit'
import { handler } from '@/lib/http/handler'

export const GET = handler(listInstallationAudit, { lines: exportInstallationAudit })
