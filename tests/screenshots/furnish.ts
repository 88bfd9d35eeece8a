import type { Product } from '../e2e/fixtures'

const any = { 'if-match': '*' }
const plan = { attribute: 'plan', op: 'is_one_of', values: ['pro', 'team'] }
const to = (share: number, variant = 'on', rest: 'continue' | { variant: string } = { variant: 'off' }) => ({
  rollout: { share, split: [{ variant, weight: 100_000 }], rest },
})
const serving = (rules: object[], fallthrough: object = { variant: 'off' }) => ({
  on: true,
  offVariant: 'off',
  rules,
  fallthrough,
})

/** Whatever a targeting can say. */
const everySentence = {
  on: true,
  offVariant: 'off',
  prerequisites: [{ flag: 'new-checkout', variants: ['on'] }],
  targets: [{ variant: 'on', by: 'targetingKey', values: ['ana', 'bo'] }],
  rules: [
    {
      id: 'sale',
      name: 'The winter sale',
      comment: 'Agreed with the booking office until the timetable changes',
      when: {
        all: [
          plan,
          {
            any: [
              { attribute: 'country', op: 'is_one_of', values: ['de', 'fr'] },
              { not: { any: [{ segment: 'insiders' }, { attribute: 'seats', op: 'gte', values: [5] }] } },
            ],
          },
        ],
      },
      serve: to(25_000, 'on', 'continue'),
      from: '2026-12-01T09:00:00+01:00',
      until: '2099-12-24T18:00:00+01:00',
    },
    { id: 'everybody', disabled: true, when: { all: [] }, serve: { variant: 'off' } },
    { id: 'paying', when: plan, serve: { variant: 'on' } },
    {
      id: 'nobody',
      when: { all: [{ attribute: 'plan', op: 'is_one_of', values: ['pro'] }, { segment: 'insiders' }] },
      serve: to(10_000, 'on', 'continue'),
    },
  ],
  fallthrough: { variant: 'off' },
}

/** A project in which things have happened. */
export async function furnish({ api }: Product): Promise<void> {
  const flag = (key: string, name: string, more: object = {}) =>
    api('POST', '/projects/sample/flags', { key, name, type: 'boolean', ...more })
  const put = (key: string, environment: string, body: object) =>
    api('PUT', `/projects/sample/flags/${key}/environments/${environment}`, body, any)
  await flag('new-checkout', 'New checkout', { tags: ['checkout'], owner: 'Ana' })
  await flag('old-search', 'Old search', { tags: ['search'], kind: 'ops' })
  await flag('seat-map', 'Seat map', { tags: ['beta'] })
  await flag('dark-tickets', 'Dark tickets')
  await api('POST', '/projects/sample/segments', { key: 'insiders', name: 'Insiders' })
  const beta = { id: 'beta', name: 'Insiders first', when: { segment: 'insiders' }, serve: { variant: 'on' } }
  const pro = { id: 'pro', name: 'Paying customers', when: plan, serve: to(25_000, 'on', 'continue') }
  for (const environment of ['development', 'staging'])
    await put('new-checkout', environment, serving([beta, pro], to(50_000)))
  await put('new-checkout', 'production', serving([pro]))
  await flag('seat-upgrade', 'Seat upgrade')
  await put('seat-upgrade', 'production', everySentence)
  await put('old-search', 'production', serving([], { variant: 'on' }))
  await put('seat-map', 'staging', serving([beta]))
  await put('dark-tickets', 'development', serving([], to(10_000)))
  const kill = { reason: 'Answers took 9 seconds' }
  await api('PUT', '/projects/sample/flags/old-search/environments/production/kill', kill)
  const input = { flag: 'seat-map', ...serving([beta]) }
  await api('POST', '/projects/sample/environments/production/changes', {
    mode: 'propose',
    comment: 'Seats for insiders',
    changes: [{ op: 'targeting', ifMatch: '1', input }],
  })
}
