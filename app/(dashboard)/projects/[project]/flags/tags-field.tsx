import { FieldError } from '@/app/_ui/field'
import { TokenInput } from '@/app/_ui/token-input'

type Props = {
  tags: readonly string[]
  onTags: (tags: string[]) => void
  error: string | undefined
  disabled?: boolean
}

export function TagsField({ tags, onTags, error, disabled = false }: Props) {
  return (
    <div className="flex flex-col gap-1.5">
      <span className="font-medium text-sm">
        Tags<span className="font-normal text-ink-3"> (optional)</span>
      </span>
      <TokenInput
        label="Tags"
        placeholder="Add a tag"
        tokens={tags.map((tag) => ({ id: tag, text: tag }))}
        onAdd={(added) => onTags([...new Set([...tags, ...added])])}
        onRemove={(index) => onTags(tags.filter((_, i) => i !== index))}
        invalid={Boolean(error)}
        disabled={disabled}
      />
      {error && <FieldError>{error}</FieldError>}
    </div>
  )
}
