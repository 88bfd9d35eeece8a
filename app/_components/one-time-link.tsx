import { CodeBlock } from '@/app/_ui/code-block'

const SIGN_IN_COMMAND = 'npm run sign-in-link'

/** The API speaks in clauses: a page wants a sentence. */
export const sentence = (text: string) => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`

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
