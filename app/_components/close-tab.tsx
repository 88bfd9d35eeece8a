'use client'
import { Button } from '@/app/_ui/button'

/** Closes a tab that a page of ours has opened. */
export function CloseTab({ size = 'md' }: { size?: 'md' | 'lg' }) {
  return (
    <div>
      <Button size={size} onClick={() => window.close()}>
        Close this tab
      </Button>
    </div>
  )
}
