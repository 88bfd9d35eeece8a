import { useRef, useState } from 'react'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import type { Page } from '@/lib/control/views'
import { type ListState, queryOf } from './list-state'
import type { ListedRow } from './listed-row'
import { parseSearch } from './search'

const none: ReadonlySet<string> = new Set()

/** Keys from one to another, in the order in which they are shown. */
function between(shown: readonly string[], from: string | null, to: string): string[] {
  const [a, b] = [from === null ? -1 : shown.indexOf(from), shown.indexOf(to)]
  return a === -1 ? [to] : shown.slice(Math.min(a, b), Math.max(a, b) + 1)
}

/** The flags that are selected. They stay so on other pages of the list, and in other searches. */
export function useSelection(project: string, flags: Page<ListedRow>, state: ListState) {
  const [keys, setKeys] = useState(none)
  /** The search of which all are selected. */
  const [all, setAll] = useState<string | null>(null)
  const last = useRef<string | null>(null)
  const shown = flags.items.map(({ key }) => key)

  const turn = (key: string, range: boolean) => {
    const next = new Set(keys)
    const on = !keys.has(key)
    for (const one of range ? between(shown, last.current, key) : [key])
      if (on) next.add(one)
      else next.delete(one)
    last.current = key
    setAll(null)
    setKeys(next)
  }
  const choose = async () => {
    try {
      const query = { ...parseSearch(state.q), ...(state.archived && { archived: 'yes' }) }
      const { value } = await api.flagKeys({ project }, query)
      setAll(queryOf(state))
      setKeys(new Set(value.keys))
    } catch (error) {
      toast.failed('They are not selected', (error as Error).message)
    }
  }
  const clear = () => {
    setAll(null)
    setKeys(none)
  }
  return {
    keys,
    turn,
    clear,
    all: all === queryOf(state) || flags.total < 2 ? null : { total: flags.total, choose },
  }
}
