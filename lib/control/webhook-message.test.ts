import { describe, expect, it } from 'vitest'
import { patternsOf } from './webhook-events'
import { bodyOf, type Told } from './webhook-message'

const told: Told = {
  at: new Date('2026-11-25T12:00:00Z'),
  project: 'shop',
  action: 'flag.update',
  target: 'flag:checkout',
  environment: null,
  actor: { kind: 'user', id: 'u1', name: 'Ana <ana@example.com>' },
  reason: null,
  before: { name: 'Old' },
  after: { name: '<!channel> & <https://example.com|here>' },
  versions: {},
}
const slack = (changes: Partial<Told> = {}) =>
  JSON.parse(bodyOf({ told: { ...told, ...changes }, payload: 'slack' }, 'https://flags.example.com'))

describe('a message to Slack', () => {
  it('says nothing that Slack would take for a command, a mention or a link', () => {
    const text = JSON.stringify(slack({ reason: '<!here>' }))
    expect(text).not.toMatch(/<!|<https:\/\/example|<ana/)
    expect(slack().blocks[0].text.text).toBe(
      '*<https://flags.example.com/projects/shop/flags/checkout|flag:checkout>* in shop\n' +
        'Name is now “&lt;!channel&gt; &amp; &lt;https://example.com|here&gt;” (was “Old”)',
    )
  })

  it('stays within what Slack takes, however much has changed', () => {
    const after = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`field${i}`, '<'.repeat(2_000)]))
    const { text, blocks } = slack({ after, reason: '&'.repeat(500) })
    expect(text.length).toBeLessThanOrEqual(3_000)
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(3_000)
    expect(blocks[0].text.text).toMatch(/^and 195 more\n> (&amp;)+…$/m)
    expect(blocks[0].text.text.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&') // no escape is cut in two
  })
})

describe('a message in JSON', () => {
  it('links to the flag where it was changed, and else to the audit', () => {
    const urlOf = (changes: Partial<Told>) =>
      JSON.parse(bodyOf({ told: { ...told, ...changes }, payload: 'json' }, 'https://flags.example.com')).data
        .url
    expect(urlOf({ environment: 'staging' })).toBe(
      'https://flags.example.com/projects/shop/flags/checkout?environment=staging',
    )
    expect(urlOf({ target: 'segment:beta' })).toBe('https://flags.example.com/projects/shop/audit')
    expect(urlOf({ target: 'flag:a/b?c' })).toBe('https://flags.example.com/projects/shop/flags/a%2Fb%3Fc')
  })
})

describe('the patterns of an action', () => {
  it('are all, its family, itself, and kills for those', () => {
    expect(patternsOf('targeting.update')).toEqual(['*', 'targeting.*', 'targeting.update'])
    expect(patternsOf('flag.restore_killed')).toEqual(['*', 'flag.*', 'flag.restore_killed', 'kill.*'])
  })
})
