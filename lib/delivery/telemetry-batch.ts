import { z } from 'zod'

const short = z.string().max(256)
const count = z.int().min(1).max(1_000_000_000)

/** What a provider sends: docs/telemetry.md. Fields that a newer one adds are left out. */
const batch = z.object({
  batch: z.uuid(),
  client: short,
  /** The provider that tells, for as long as it lives, and the version it decides by. */
  instance: z.string().min(8).max(64).optional(),
  applied: z.string().max(64).optional(),
  counts: z
    .array(
      z.object({
        flag: short,
        variant: short.nullable(),
        reason: z.string().max(64),
        errorCode: z.string().max(64).optional(),
        count,
      }),
    )
    .max(10_000)
    .default([]),
  attributes: z
    .array(
      z.object({
        name: z.string().min(1).max(200),
        type: z.enum(['string', 'number', 'boolean', 'date', 'list']),
      }),
    )
    .max(100)
    .default([]),
  events: z
    .array(z.object({ name: z.string().max(8_192), value: z.number().optional() }))
    .max(1_000)
    .default([]),
})

export type TelemetryBatch = z.output<typeof batch>

/** A batch, or what is wrong with it, by path. */
export function readBatch(text: string): TelemetryBatch | string {
  try {
    const { success, data, error } = batch.safeParse(JSON.parse(text))
    if (success) return data
    const [issue] = error.issues
    return `${issue!.path.join('.') || 'the body'}: ${issue!.message}`
  } catch {
    return 'the body must be JSON: docs/telemetry.md has its fields'
  }
}
