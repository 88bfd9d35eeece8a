import { notFound } from 'next/navigation'
import { ControlError } from '@/lib/control/errors'

/** What a page reads; a thing that is not there, or not for this person, is the 404 page. */
export async function orNotFound<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof ControlError && error.kind === 'not_found') notFound()
    throw error
  }
}
