import type { ReactNode } from 'react'
import { Wordmark } from '@/app/_components/mark'

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col px-4 pt-[14vh] pb-16">
      <div className="mb-8 text-lg">
        <Wordmark />
      </div>
      {children}
    </main>
  )
}
