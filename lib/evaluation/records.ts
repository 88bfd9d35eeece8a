/** Records whose keys were chosen by users: read as own properties, built without a prototype. */

type Values<T> = Readonly<Record<string, T>>

export function own<T>(record: Values<T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

export function isRecord(input: unknown): input is Values<unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null)
}

export function copyRecord<T>(record: Values<T>): Record<string, T> {
  return Object.assign(emptyRecord<T>(), record)
}
