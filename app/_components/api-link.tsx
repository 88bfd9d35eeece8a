import Link from 'next/link'
import { paths } from '@/lib/paths'

/** To the pages that say what a token can ask for. */
export function ApiLink() {
  return (
    <Link href={paths.apiReference()} className="text-accent-ink underline underline-offset-2">
      API reference
    </Link>
  )
}
