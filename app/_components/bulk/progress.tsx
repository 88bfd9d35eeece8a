/** How far it is, in the one accent: browsers have colours of their own. */
export const Progress = ({ done, total }: { done: number; total: number }) => (
  <progress
    aria-label="Progress"
    value={done}
    max={total}
    className="mt-2 block h-1.5 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
  />
)
