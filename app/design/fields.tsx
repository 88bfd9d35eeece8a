'use client'
import { useState } from 'react'
import { Field, TextArea, TextInput } from '@/app/_ui/field'
import { PercentInput } from '@/app/_ui/percent-input'
import { SearchBox } from '@/app/_ui/search-box'
import { Segmented } from '@/app/_ui/segmented'
import { Select } from '@/app/_ui/select'
import { SuggestInput } from '@/app/_ui/suggest-input'
import { Switch } from '@/app/_ui/switch'
import { TokenInput } from '@/app/_ui/token-input'
import { type Section, touched } from './specimen'

const nothing = () => undefined
const variants = [
  { value: 'on', label: 'on' },
  { value: 'off', label: 'off' },
]

function Text({ label = 'Name', error, hint }: { label?: string; error?: string; hint?: string }) {
  const [text, setText] = useState(error ? 'New checkout!' : '')
  return (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <TextInput
          {...control}
          placeholder="New checkout"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
    </Field>
  )
}

function Choice(props: { invalid?: boolean; disabled?: boolean; empty?: boolean }) {
  const { empty, ...rest } = props
  const [value, setValue] = useState(empty ? '' : 'on')
  return <Select label="Variant" value={value} choices={variants} onChange={setValue} {...rest} />
}

function Suggest(props: { invalid?: boolean; disabled?: boolean }) {
  const [value, setValue] = useState('plan')
  return (
    <SuggestInput
      label="Attribute"
      value={value}
      onChange={setValue}
      suggestions={['plan', 'country', 'planet']}
      describe={(name) => (name === 'plan' ? 'text' : null)}
      {...props}
    />
  )
}

function Tokens({
  start = ['pro', 'team'],
  ...props
}: {
  start?: string[]
  invalid?: boolean
  disabled?: boolean
}) {
  const [tokens, setTokens] = useState(start)
  return (
    <TokenInput
      label="Values"
      placeholder="Add a value"
      tokens={tokens.map((text) => ({ id: text, text }))}
      onAdd={(added) => setTokens([...new Set([...tokens, ...added])])}
      onRemove={(index) => setTokens(tokens.filter((_, i) => i !== index))}
      {...props}
    />
  )
}

function Percent(props: { invalid?: boolean; disabled?: boolean }) {
  const [value, setValue] = useState(25_000)
  return <PercentInput label="Share" value={value} onChange={setValue} {...props} />
}

function Toggle({
  start = true,
  ...props
}: {
  start?: boolean
  size?: 'md' | 'lg'
  muted?: boolean
  disabledReason?: string
}) {
  const [checked, setChecked] = useState(start)
  return <Switch label="On" checked={checked} onChange={setChecked} {...props} />
}

function Parts() {
  const [value, setValue] = useState('sentences')
  const choices = [
    { value: 'sentences', label: 'Sentences' },
    { value: 'json', label: 'JSON' },
  ]
  return <Segmented label="Show as" value={value} choices={choices} onChange={setValue} />
}

export const fields: Section[] = [
  {
    name: 'Text field',
    specimens: [
      ...touched(<Text />),
      { state: 'with a hint', show: <Text hint="What people call it." /> },
      { state: 'error', show: <Text error="letters, digits and . _ - alone" hint="What people call it." /> },
      {
        state: 'disabled',
        show: <TextInput aria-label="Name" disabled value="New checkout" onChange={nothing} />,
      },
      {
        state: 'long text',
        show: (
          <Field label="Comment" optional>
            {(control) => <TextArea {...control} rows={2} />}
          </Field>
        ),
      },
      {
        state: 'search',
        show: <SearchBox label="Search" placeholder="Search flags" value="" onSearch={nothing} />,
      },
    ],
  },
  {
    name: 'Select',
    specimens: [
      ...touched(<Choice />),
      { state: 'empty', show: <Choice empty /> },
      { state: 'error', show: <Choice invalid /> },
      { state: 'disabled', show: <Choice disabled /> },
    ],
  },
  {
    name: 'Text with suggestions',
    specimens: [
      ...touched(<Suggest />),
      { state: 'error', show: <Suggest invalid /> },
      { state: 'disabled', show: <Suggest disabled /> },
    ],
  },
  {
    name: 'Several values',
    specimens: [
      ...touched(<Tokens />),
      { state: 'empty', show: <Tokens start={[]} /> },
      { state: 'error', show: <Tokens invalid /> },
      { state: 'disabled', show: <Tokens disabled /> },
    ],
  },
  {
    name: 'Percentage',
    specimens: [
      ...touched(<Percent />),
      { state: 'error', show: <Percent invalid /> },
      { state: 'disabled', show: <Percent disabled /> },
    ],
  },
  {
    name: 'Switch',
    specimens: [
      ...touched(<Toggle />),
      { state: 'off', show: <Toggle start={false} /> },
      { state: 'large', show: <Toggle size="lg" /> },
      { state: 'overruled', show: <Toggle muted /> },
      { state: 'disabled', show: <Toggle disabledReason="Needs the role editor" /> },
    ],
  },
  { name: 'One of a few', specimens: touched(<Parts />) },
]
