const LONGEST_ATTRIBUTE = 8_192 // characters of JSON; the server takes 64 KB in all

/** A context as the body of a request. Attributes that are no JSON, or too long, are left out: nobody targets by them. */
export function contextJson(context: object): string {
  const parts = namesOf(context).flatMap((name) => {
    const value = jsonOf(() => (context as Record<string, unknown>)[name])
    return value === undefined || value.length > LONGEST_ATTRIBUTE ? [] : [`${JSON.stringify(name)}:${value}`]
  })
  return `{"context":{${parts.join()}}}`
}

function namesOf(context: object): string[] {
  try {
    return Object.keys(context)
  } catch {
    return []
  }
}

/** Applications pass getters that throw, cycles and BigInts. */
function jsonOf(read: () => unknown): string | undefined {
  try {
    return JSON.stringify(read())
  } catch {
    return undefined
  }
}
