'use client'
import { Button } from '@/app/_ui/button'

/** Closes a tab that a page of ours has opened. */
export function CloseTab() {
  return (
    <div>
      <Button size="lg" onClick={() => window.close()}>
        Close this tab
      </Button>
    </div>
  )
}
