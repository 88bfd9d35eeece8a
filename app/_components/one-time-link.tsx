import { CodeBlock } from '@/app/_ui/code-block'

export const SIGN_IN_COMMAND = 'npm run sign-in-link'

/** The way in for whoever has no link, or one that no longer works. */
export function OneTimeLinkHelp() {
  return (
    <div className="flex flex-col gap-3 text-ink-2">
      <p>On the machine that runs Jackstaff, in its directory, run:</p>
      <CodeBlock code={SIGN_IN_COMMAND} label="command" />
      <p>It prints a link that signs you in once. Someone else runs it? Ask them to send you the link.</p>
    </div>
  )
}
