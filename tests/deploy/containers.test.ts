import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { manifestFaults } from '../support/kubernetes'
import { readYaml } from '../support/yaml'

// Files that are read: what must agree with the product, and with the types of Kubernetes. What Podman builds and runs is in
// image.test.ts.

// biome-ignore lint/suspicious/noExplicitAny: documents of many kinds, of which each test reads a part
type Document = any

const read = (file: string) => readFileSync(file, 'utf8')
const documents = (file: string): Document[] =>
  read(file)
    .replace(/^\s*#.*$/gm, '')
    .split(/^---$/m)
    .map(readYaml)

/** Every name that the product reads. */
const KNOWN = new Set(
  [...read('lib/env.ts').matchAll(/\b([A-Z][A-Z_]{3,}|PORT|HOST)\b/g)].map(([, name]) => name),
)

it('the Dockerfile installs from the lockfile without scripts', () => {
  expect(read('Dockerfile')).toContain('npm ci --ignore-scripts')
})

describe('compose.yaml', () => {
  it('sets what the product reads, and waits for what is healthy', () => {
    const [{ services }] = documents('compose.yaml')
    for (const name of ['app', 'edge'])
      for (const variable of Object.keys(services[name].environment)) expect([...KNOWN]).toContain(variable)
    for (const name of ['app', 'edge'])
      expect(services[name]).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      })
    expect(services.app.depends_on.postgres.condition).toBe('service_healthy')
    expect(services.app.environment.JACKSTAFF_SECRET).toContain(':?')
  })
})

describe.each(['app', 'edge'])('deploy/kubernetes/%s.yaml', (name) => {
  const all = documents(`deploy/kubernetes/${name}.yaml`)
  const of = (kind: string) => all.find((document) => document.kind === kind)
  const label = of('Deployment').metadata.labels['app.kubernetes.io/name']
  const pod = of('Deployment').spec.template.spec
  const [container] = pod.containers

  it('is what Kubernetes knows, field by field', () => {
    expect(manifestFaults(all)).toEqual([])
    const typed = structuredClone(all)
    typed[0].spec.template.spec.containers[0].readinesProbe = {}
    typed[0].spec.template.spec.terminationGracePeriodSeconds = '30'
    const faults = manifestFaults(typed).join('\n')
    expect(faults).toMatch(/readinesProbe.* does not exist in type 'Container'/)
    expect(faults).toContain("Type 'string' is not assignable to type 'number'")
  })

  it('selects its own pods everywhere', () => {
    const selectors = [
      of('Deployment').spec.selector.matchLabels,
      of('Deployment').spec.template.metadata.labels,
      of('Service').spec.selector,
      of('PodDisruptionBudget').spec.selector.matchLabels,
      of('NetworkPolicy').spec.podSelector.matchLabels,
    ]
    for (const selector of selectors) expect(selector['app.kubernetes.io/name']).toBe(label)
  })

  it('runs without rights, sets what the product reads, and takes secrets from a Secret', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true })
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    for (const { name: variable, value, valueFrom } of container.env) {
      expect([...KNOWN]).toContain(variable)
      const isSecret = ['DATABASE_URL', 'JACKSTAFF_SECRET'].includes(variable)
      expect(isSecret ? valueFrom?.secretKeyRef?.name : value, variable).toBeTruthy()
    }
  })

  it('is probed where the product answers, on ports that it has', () => {
    const ports = container.ports.map((port: { name: string }) => port.name)
    expect(ports).toEqual(['http', 'metrics'])
    expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' })
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' })
    const metrics = container.env.find((each: { name: string }) => each.name === 'JACKSTAFF_METRICS_PORT')
    expect(Number(metrics.value)).toBe(container.ports[1].containerPort)
  })
})

it('the autoscaler follows a metric that edges have, below what one of them takes', () => {
  const scaler = documents('deploy/kubernetes/edge.yaml').find(
    ({ kind }) => kind === 'HorizontalPodAutoscaler',
  )
  const [{ pods }] = scaler.spec.metrics
  expect(read('lib/metrics/metrics.ts')).toContain(`'${pods.metric.name}'`)
  const most = Number(
    /JACKSTAFF_MAX_STREAMS:.*default\(([\d_]+)\)/.exec(read('lib/env.ts'))![1]!.replace('_', ''),
  )
  expect(Number(pods.target.averageValue)).toBeLessThan(most)
  expect(scaler.spec.scaleTargetRef.name).toBe('jackstaff-edge')
})

it.each(['jackstaff', 'jackstaff-edge'])('deploy/systemd/%s.service starts what is built', (name) => {
  const unit = read(`deploy/systemd/${name}.service`)
  expect(existsSync(/^ExecStart=\/usr\/bin\/node (\S+)$/m.exec(unit)![1]!)).toBe(true)
  for (const [, variable] of unit.matchAll(/^Environment=(\w+)=/gm))
    expect(variable === 'NODE_ENV' || KNOWN.has(variable!), variable).toBe(true)
  expect(unit).toMatch(/^KillMode=mixed$/m)
  expect(unit).toMatch(/^NoNewPrivileges=true$/m)
})
