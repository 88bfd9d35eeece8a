import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { beforeScrape, metrics, scrape } from './metrics'

const NAMES = /\bjackstaff_[a-z_]+/g
const SUFFIX = /_(bucket|count|sum)$/

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const ours = () =>
  metrics()
    .register.getMetricsAsArray()
    .map(({ name }) => name)
    .filter((name) => name.startsWith('jackstaff_'))

describe('what others read of the metrics', () => {
  it.each(['deploy/grafana/jackstaff.json', 'deploy/prometheus/alerts.yml', 'docs/observability.md'])(
    '%s names none that is not there',
    (file) => {
      const named = new Set(
        read(file)
          .match(NAMES)!
          .map((name) => name.replace(SUFFIX, '')),
      )
      expect([...named].filter((name) => !ours().includes(name))).toEqual([])
    },
  )

  it('the guide names every one', () => {
    const guide = read('docs/observability.md')
    expect(ours().filter((name) => !guide.includes(`\`${name}\``))).toEqual([])
  })

  it('the guide says what to do about every alert', () => {
    const alerts = read('deploy/prometheus/alerts.yml').match(/(?<=alert: )\w+/g)!
    const guide = read('docs/observability.md')
    expect(alerts.filter((alert) => !guide.includes(`\`${alert}\``))).toEqual([])
  })
})

describe('a scrape', () => {
  it('does not wait for what does not come, and minds no failure', async () => {
    const stop = [
      beforeScrape(() => new Promise(() => {})),
      beforeScrape(() => Promise.reject(new Error('away'))),
      beforeScrape(() => metrics().environments.set(7)),
    ]
    expect((await scrape()).text).toContain('jackstaff_environments 7')
    for (const forget of stop) forget()
  })
})
