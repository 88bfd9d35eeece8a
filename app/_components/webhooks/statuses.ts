import type { WebhookDeliveryView } from '@/lib/control/views'

export type Status = WebhookDeliveryView['status']

export const statuses = ['pending', 'delivered', 'failed'] as const satisfies readonly Status[]

export const statusWords: Record<Status, string> = {
  pending: 'Waiting',
  delivered: 'Delivered',
  failed: 'Failed',
}
