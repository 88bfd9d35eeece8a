'use client'
import { Menu } from '@base-ui/react/menu'
import { Check, SlidersHorizontal } from 'lucide-react'
import { Button } from '@/app/_ui/button'
import { itemClass, MenuChoices, MenuLabel, MenuSeparator, Menu as OpenMenu } from '@/app/_ui/menu'
import { type Column, shownOf } from './columns'
import { type ListState, type Order, orders } from './list-state'

/** In which order, and with which columns. */
export function DisplayMenu({
  all,
  state,
  onChange,
}: {
  all: readonly Column[]
  state: ListState
  onChange: (change: Partial<ListState>) => void
}) {
  const shown = new Set(shownOf(all, state.columns).map(({ id }) => id))
  const turn = (id: string, on: boolean) => {
    const next = all.map((column) => column.id).filter((other) => (other === id ? on : shown.has(other)))
    onChange({ columns: next.length === all.length ? null : next.length === 0 ? ['none'] : next })
  }
  return (
    <OpenMenu
      trigger={
        <Button look="ghost">
          <SlidersHorizontal size={16} aria-hidden /> Display
        </Button>
      }
    >
      <Menu.Group>
        <MenuLabel>Order</MenuLabel>
        <MenuChoices<Order> value={state.sort} choices={orders} onChange={(sort) => onChange({ sort })} />
      </Menu.Group>
      <MenuSeparator />
      <Menu.Group>
        <MenuLabel>Columns</MenuLabel>
        {all.map(({ id, label }) => (
          <Menu.CheckboxItem
            key={id}
            checked={shown.has(id)}
            onCheckedChange={(on) => turn(id, on)}
            className={itemClass}
          >
            <span className="flex-1">{label}</span>
            <span className="w-4">
              <Menu.CheckboxItemIndicator>
                <Check size={14} aria-hidden />
              </Menu.CheckboxItemIndicator>
            </span>
          </Menu.CheckboxItem>
        ))}
      </Menu.Group>
    </OpenMenu>
  )
}
