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
