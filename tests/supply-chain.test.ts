import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

type Locked = {
  version: string
  dev?: boolean
  link?: boolean
  integrity?: string
  inBundle?: boolean
  hasInstallScript?: boolean
}
type Manifest = Record<
  'dependencies' | 'devDependencies' | 'optionalDependencies',
  Record<string, string> | undefined
>

const json = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T
const { packages } = json<{ packages: Record<string, Locked> }>('package-lock.json')
const { floors, installScripts, licences } = json<{
  floors: Record<string, { version: string; reason: string }>
  installScripts: Record<'needed' | 'passedOver', Record<string, string>>
  licences: { allowed: string[]; excepted: Record<string, string> }
}>('supply-chain.json')
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
const installed = Object.entries(packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && !link,
)

const MANIFESTS = execFileSync('git', ['ls-files', '*package.json'], { encoding: 'utf8' }).trim().split('\n')

const parts = (version: string) => version.split(/[.-]/).slice(0, 3).map(Number)
function isBelow(version: string, floor: string): boolean {
  const [a, b] = [parts(version), parts(floor)]
  const at = a.findIndex((part, i) => part !== b[i])
  return at >= 0 && a[at]! < b[at]!
}

describe('what is installed', () => {
  it('is named by exact versions in every manifest', () => {
    expect(MANIFESTS.length).toBeGreaterThan(5)
    const loose = MANIFESTS.flatMap((file) => {
      const { dependencies, devDependencies, optionalDependencies } = json<Manifest>(file)
      return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
        .filter(([, version]) => !/^((npm:[@\w/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?|file:.+)$/.test(version))
        .map(([name, version]) => `${file}: ${name} ${version}`)
    })
    expect(loose).toEqual([])
  })

  it('is held by its hash', () => {
    expect(installed.length).toBeGreaterThan(300)
    expect(
      installed.filter(([, { integrity, inBundle }]) => !inBundle && !integrity).map(([path]) => path),
    ).toEqual([])
  })

  it.each(Object.entries(floors))('%s is not below what is known to be safe', (name, { version }) => {
    const found = installed.filter(([path]) => nameOf(path) === name)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter(([, locked]) => isBelow(locked.version, version))).toEqual([])
  })

  it('runs the install scripts that are needed, and no others', () => {
    const { needed, passedOver } = installScripts
    const withScripts = new Set(
      installed.filter(([, each]) => each.hasInstallScript).map(([path]) => nameOf(path)),
    )
    expect([...withScripts].sort()).toEqual([...Object.keys(needed), ...Object.keys(passedOver)].sort())
    const { allowScripts } = json<{ allowScripts: Record<string, boolean> }>('package.json')
    expect(Object.keys(allowScripts).sort()).toEqual(Object.keys(needed).sort())
  })
})

describe('a version', () => {
  it.each([
    ['16.3.2', '16.3.3', true],
    ['16.3.3', '16.3.3', false],
    ['16.4.0', '16.3.3', false],
    ['15.9.9', '16.3.3', true],
    ['18.4.0-beta.17', '18.4.1', true],
  ])('%s is below %s: %s', (version, floor, expected) => {
    expect(isBelow(version, floor)).toBe(expected)
  })
})

describe('the reports', () => {
  it('of licences finds none that is not allowed, and names each package', () => {
    const printed = execFileSync(process.execPath, ['scripts/licences.mjs'], { encoding: 'utf8' })
    expect(printed).toContain(', 0 with a licence that is not allowed')
    expect(printed).toContain(`next@${packages['node_modules/next']!.version}`)
    expect(licences.allowed.filter((name) => /GPL|MPL|EPL|CDDL|SSPL|unknown/i.test(name))).toEqual([])
  })

  it('of parts is CycloneDX, and has what is shipped', () => {
    const script = json<{ scripts: Record<string, string> }>('package.json').scripts.sbom!
    const [command, ...args] = script.split(' ')
    const printed = execFileSync(command!, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    const { bomFormat, components } = JSON.parse(printed) as {
      bomFormat: string
      components: { purl: string }[]
    }
    expect(bomFormat).toBe('CycloneDX')
    const purls = components.map(({ purl }) => purl)
    expect(purls).toContain(`pkg:npm/next@${packages['node_modules/next']!.version}`)
    expect(purls.some((purl) => purl.startsWith('pkg:npm/vitest@'))).toBe(false)
  })
})
