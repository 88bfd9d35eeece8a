import { CopyButton } from './copy-button'

export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <figure className="relative overflow-hidden rounded-lg border bg-sunken" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto p-4 pr-14 font-mono text-sm leading-5">
        <code>{code}</code>
      </pre>
      <div className="absolute top-2 right-2">
        <CopyButton text={code} label={`Copy ${label}`} />
      </div>
    </figure>
  )
}
