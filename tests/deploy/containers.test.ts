import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linkTree } from '../../scripts/link-tree.mjs'
import { jackstaffCommand } from '../support/command'
import { freshDatabase, type TestDatabase } from '../support/database'
import { whenReady } from '../support/jackstaff'
import { manifestFaults } from '../support/kubernetes'
import { freePort, type Program, start } from '../support/process'
import { readYaml } from '../support/yaml'

// No container engine is needed: the files are read, and what the image starts is started from a folder that holds what the
// image does. `npm run image` builds and runs the image itself.

// biome-ignore lint/suspicious/noExplicitAny: documents of many kinds, of which each test reads a part
type Document = any

const read = (file: string) => readFileSync(file, 'utf8')
const documents = (file: string): Document[] =>
  read(file)
    .replace(/^\s*#.*$/gm, '')
    .split(/^---$/m)
    .map(readYaml)

const dockerfile = read('Dockerfile').replaceAll('\\\n', ' ').split('\n')
const final = dockerfile.slice(dockerfile.findLastIndex((line) => line.startsWith('FROM ')))
const commandOf = (instruction: string) =>
  JSON.parse(/CMD (\[.*\])$/.exec(final.find((line) => line.startsWith(instruction))!)![1]!) as string[]
const START = commandOf('CMD')

/** Every name that the product reads. */
const KNOWN = new Set(
  [...read('lib/env.ts').matchAll(/\b([A-Z][A-Z_]{3,}|PORT|HOST)\b/g)].map(([, name]) => name),
)

describe('the Dockerfile', () => {
  it('copies what exists, and runs as nobody of importance', () => {
    const made = ['node_modules', '.next', 'dist']
    const copied = dockerfile
      .filter((line) => line.startsWith('COPY '))
      .flatMap((line) =>
        line
          .split(' ')
          .slice(1, -1)
          .filter((word) => !word.startsWith('--')),
      )
      .map((path) => path.replace(/^\/app\//, ''))
    expect(copied.length).toBeGreaterThan(10)
    expect(copied.filter((path) => !made.includes(path) && !existsSync(path))).toEqual([])
    expect(final).toContain('USER node')
    expect(final.findIndex((line) => line.startsWith('USER'))).toBeLessThan(
      final.findIndex((line) => line.startsWith('CMD')),
    )
  })

  it('installs from the lockfile without scripts, each workspace of which it knows', () => {
    expect(dockerfile.join('\n')).toContain('npm ci --ignore-scripts')
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] }
    for (const workspace of workspaces)
      expect(dockerfile).toContain(`COPY ${workspace}/package.json ${workspace}/`)
  })
})

describe('what the image starts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jackstaff-image-'))
  let database: TestDatabase
  let env: Record<string, string>
  const running: Program[] = []

  const put = (path: string) => linkTree(path, join(folder, path))

  beforeAll(async () => {
    database = await freshDatabase()
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean; link?: boolean }>
    }
    expect(dockerfile.join('\n')).toContain('npm prune --omit=dev --omit=optional')
    const kept = Object.entries(packages).filter(
      ([path, { dev, optional, devOptional, link }]) =>
        /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) &&
        !(dev || optional || devOptional || link) &&
        existsSync(path),
    )
    expect(kept.length).toBeGreaterThan(50)
    for (const [path] of kept) put(path)
    for (const line of final.filter((each) => each.startsWith('COPY --from=build')))
      for (const path of line
        .split(' ')
        .slice(2, -1)
        .map((each) => each.replace('/app/', '')))
        if (path !== 'node_modules') put(path)
    rmSync(join(folder, '.next/cache'), { recursive: true, force: true })
    env = { NODE_ENV: 'production', DATABASE_URL: database.url, JACKSTAFF_SECRET: 'x'.repeat(32) }
  }, 180_000)
  afterAll(async () => {
    for (const program of running) await program.end()
    await database?.drop()
    rmSync(folder, { recursive: true, force: true })
  })

  const begin = async (command: string[]) => {
    const port = String(await freePort())
    const url = `http://127.0.0.1:${port}`
    const own = { ...env, PORT: port, PUBLIC_URL: url }
    const program = start(command[0]!, command.slice(1), own, folder)
    running.push(program)
    await whenReady(url, program)
    return { url, own }
  }

  it('is the whole product, healthy by its own check, with the jackstaff command', async () => {
    expect(readdirSync(folder)).not.toContain('lib')
    const { url, own } = await begin(START)
    expect((await fetch(`${url}/sign-in`)).status).toBe(200)
    const [command, ...args] = commandOf('HEALTHCHECK')
    execFileSync(command!, args, { env: { ...process.env, ...own }, cwd: folder })
    expect(() =>
      execFileSync(command!, args, { env: { ...process.env, PORT: '9' }, stdio: 'ignore' }),
    ).toThrow()
    const { code, output } = await jackstaffCommand(['doctor'], own, join(folder, 'dist/jackstaff.mjs'))
    expect(code, output).toBe(0)
  })

  it('is an edge by the command that compose and Kubernetes give', async () => {
    const [compose] = documents('compose.yaml')
    const [edge] = documents('deploy/kubernetes/edge.yaml')
    const command = compose.services.edge.command
    expect(edge.spec.template.spec.containers[0].command).toEqual(command)
    const { url } = await begin(command)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/api/v1/projects`)).status).toBe(404)
  })
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
