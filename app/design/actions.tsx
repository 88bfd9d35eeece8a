'use client'
import { Copy, MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { Button, ButtonLink, IconButton, type Look } from '@/app/_ui/button'
import { CopyButton } from '@/app/_ui/copy-button'
import { Dialog } from '@/app/_ui/dialog'
import { HoldButton } from '@/app/_ui/hold-button'
import { Kbd } from '@/app/_ui/kbd'
import { Menu, MenuItem, MenuLink, MenuSeparator } from '@/app/_ui/menu'
import { Palette } from '@/app/_ui/palette'
import { toast } from '@/app/_ui/toast'
import { Tooltip } from '@/app/_ui/tooltip'
import { type Section, touched } from './specimen'

const nothing = () => undefined
const looks: Look[] = ['primary', 'secondary', 'ghost', 'danger', 'danger-quiet']

const buttons = looks.map(
  (look): Section => ({
    name: `Button, ${look}`,
    specimens: [
      ...touched(<Button look={look}>Publish</Button>),
      {
        state: 'disabled',
        show: (
          <Button look={look} disabledReason="There is nothing to publish">
            Publish
          </Button>
        ),
      },
      {
        state: 'loading',
        show: (
          <Button look={look} busy>
            Sending…
          </Button>
        ),
      },
    ],
  }),
)

type Shape = 'dialog' | 'wide' | 'sheet'

function Dialogs() {
  const [shape, setShape] = useState<Shape | null>(null)
  const close = () => setShape(null)
  return (
    <div className="flex flex-wrap gap-2">
      {(['dialog', 'wide', 'sheet'] as const).map((one) => (
        <Button key={one} size="sm" onClick={() => setShape(one)}>
          Open a {one}
        </Button>
      ))}
      <Dialog
        open={shape !== null}
        shape={shape ?? 'dialog'}
        onClose={close}
        title="Turn on in Production?"
        description="Everyone gets on."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button look="primary" onClick={close}>
              Turn on
            </Button>
          </>
        }
      >
        <p>What it asks for stands here.</p>
      </Dialog>
    </div>
  )
}

function Palettes() {
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const items = [{ id: 'copy', label: 'Copy the key', detail: 'new-checkout', icon: Copy, run: nothing }]
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        Open the palette
      </Button>
      {open && (
        <Palette
          text={text}
          onText={setText}
          groups={[{ label: 'Do', items }]}
          searching={false}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

export const actions: Section[] = [
  ...buttons,
  {
    name: 'Button, sizes',
    specimens: (['sm', 'md', 'lg'] as const).map((size) => ({
      state: size,
      show: <Button size={size}>Add rule</Button>,
    })),
  },
  {
    name: 'Link that looks like a button',
    specimens: touched(<ButtonLink href="#">All projects</ButtonLink>),
  },
  {
    name: 'Icon button',
    specimens: [
      ...touched(
        <IconButton label="More">
          <MoreHorizontal size={16} aria-hidden />
        </IconButton>,
      ),
      {
        state: 'disabled',
        show: (
          <IconButton label="More" disabledReason="Needs the role editor">
            <MoreHorizontal size={16} aria-hidden />
          </IconButton>
        ),
      },
    ],
  },
  {
    name: 'Hold button',
    specimens: [
      ...touched(<HoldButton onHeld={nothing}>Hold to kill</HoldButton>),
      {
        state: 'disabled',
        show: (
          <HoldButton onHeld={nothing} disabledReason="Say why first">
            Hold to kill
          </HoldButton>
        ),
      },
    ],
  },
  {
    name: 'Copy button',
    specimens: [
      { state: 'icon', show: <CopyButton text="new-checkout" label="Copy the key" /> },
      { state: 'with words', show: <CopyButton text="new-checkout" label="Copy the key" caption="Copy" /> },
    ],
  },
  {
    name: 'Menu, tooltip, keys',
    specimens: [
      {
        state: 'menu',
        show: (
          <Menu trigger={<Button size="sm">Actions</Button>} align="start">
            <MenuItem onSelect={nothing}>Rename</MenuItem>
            <MenuLink href="#">History</MenuLink>
            <MenuItem disabled onSelect={nothing}>
              Archive
            </MenuItem>
            <MenuSeparator />
            <MenuItem tone="danger" onSelect={nothing}>
              Delete
            </MenuItem>
          </Menu>
        ),
      },
      {
        state: 'tooltip',
        show: (
          <Tooltip label="What it does">
            <Button size="sm">Hover or focus</Button>
          </Tooltip>
        ),
      },
      { state: 'keys', show: <Kbd>Ctrl</Kbd> },
    ],
  },
  {
    name: 'Over the page',
    specimens: [
      { state: 'dialogs', show: <Dialogs /> },
      { state: 'palette', show: <Palettes /> },
      {
        state: 'toasts',
        show: (
          <div className="flex flex-wrap gap-2">
            <Button size="sm" onClick={() => toast.done('Published 1 change', 'To Production.')}>
              Done
            </Button>
            <Button size="sm" onClick={() => toast.failed('Not published', 'Try again.')}>
              Failed
            </Button>
          </div>
        ),
      },
    ],
  },
]
