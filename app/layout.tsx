import '@fontsource-variable/inter'
import './globals.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { readTheme, THEME_COOKIE } from './_components/theme'
import { ToastProvider } from './_ui/toast'

export const metadata: Metadata = {
  title: { default: 'Jackstaff', template: '%s · Jackstaff' },
  robots: { index: false },
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value)
  return (
    <html lang="en" data-theme={theme}>
      <body>
        <CSPProvider disableStyleElements>
          <Tooltip.Provider>
            <ToastProvider>{children}</ToastProvider>
          </Tooltip.Provider>
        </CSPProvider>
      </body>
    </html>
  )
}
