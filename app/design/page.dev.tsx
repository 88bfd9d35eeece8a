import type { Metadata } from 'next'
import { Gallery } from './gallery'
import { Themes } from './themes'

export const metadata: Metadata = { title: 'Design' }

type Props = { searchParams: Promise<{ theme?: string; contrast?: string }> }

/** Every component of app/_ui in every state: `npm run design`, then /design. */
export default async function DesignPage({ searchParams }: Props) {
  const { theme, contrast } = await searchParams
  return theme === undefined ? <Themes /> : <Gallery theme={theme} contrast={contrast ?? 'normal'} />
}
