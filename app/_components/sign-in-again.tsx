'use client'
import { useState } from 'react'
import { Banner } from '@/app/_ui/banner'
import { Button, ButtonLink } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { paths } from '@/lib/paths'

const reasons = {
  stale: {
    title: 'Sign in again',
    banner: 'Sign in again to do this',
    text: 'What outlives a session, like a token or a link, takes a sign-in that is not long ago.',
  },
  ended: {
    title: 'You are signed out',
    banner: 'Your session has ended: sign in to do this',
    text: 'Your session has ended.',
  },
} as const

/** The way through a refusal that asks for a sign-in: in another tab, so that nothing typed here is lost. */
export function SignInAgain({ reason }: { reason: keyof typeof reasons }) {
  const [open, setOpen] = useState(true)
  const { title, banner, text } = reasons[reason]
  const link = (
    <ButtonLink
      look="primary"
      href={paths.signIn(reason === 'stale' ? { again: 1 } : { next: '/signed-in' })}
      newTab
    >
      Sign in in a new tab
    </ButtonLink>
  )
  return (
    <>
      <Banner tone="info" title={banner} actions={link}>
        Then come back and press the button once more: what you typed stays here.
      </Banner>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={title}
        description={`${text} This page stays as it is: sign in in a new tab, come back, and go on.`}
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
