'use client'
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { useId } from 'react'

/** One of a few, all in sight. */
export function Segmented<T extends string>({
  label,
  value,
  choices,
  onChange,
  hideLabel = false,
}: {
  label: string
  hideLabel?: boolean
  value: T
  choices: readonly { value: T; label: string }[]
  onChange: (value: T) => void
}) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1.5">
      <span id={id} className={hideLabel ? 'sr-only' : 'font-medium text-sm'}>
        {label}
      </span>
      <RadioGroup<T>
        aria-labelledby={id}
        value={value}
        onValueChange={onChange}
        className="flex w-fit max-w-full flex-wrap rounded-md border border-control bg-surface p-0.5"
      >
        {choices.map((choice) => (
          <Radio.Root
            key={choice.value}
            value={choice.value}
            className="flex h-6.5 cursor-pointer items-center whitespace-nowrap rounded-sm px-2.5 text-ink-2 transition-colors hover:text-ink data-checked:bg-accent data-checked:font-medium data-checked:text-on-accent"
          >
            {choice.label}
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  )
}
