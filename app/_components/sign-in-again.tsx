'use client'
import { useState } from 'react'
import { Banner } from '@/app/_ui/banner'
import { Button, ButtonLink } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { paths } from '@/lib/paths'

/** The way through a refusal that asks for a fresh sign-in: in another tab, so that nothing typed here is lost. */
export function SignInAgain() {
  const [open, setOpen] = useState(true)
  const link = (
    <ButtonLink look="primary" href={paths.signIn()} newTab>
      Sign in in a new tab
    </ButtonLink>
  )
  return (
    <>
      <Banner tone="info" title="Sign in again to do this" actions={link}>
        Then come back and press the button once more: what you typed stays here.
      </Banner>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Sign in again"
        description="What outlives a session, like a token or a link, takes a sign-in that is not long ago. This page stays as it is: sign in in a new tab, come back, and go on."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>I have signed in</Button>
            {link}
          </>
        }
      />
    </>
  )
}
