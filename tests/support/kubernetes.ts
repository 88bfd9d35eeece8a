import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Kinds that our manifests have, and where the package that Kubernetes' own API description was made into has them. */
const TYPES: Readonly<Record<string, string>> = {
  'apps/v1 Deployment': 'apps/v1',
  'autoscaling/v2 HorizontalPodAutoscaler': 'autoscaling/v2',
  'networking.k8s.io/v1 NetworkPolicy': 'networking/v1',
  'policy/v1 PodDisruptionBudget': 'policy/v1',
  'v1 Service': 'core/v1',
}

export type Manifest = { readonly apiVersion: string; readonly kind: string }

const ROOT = resolve(import.meta.dirname, '../..')

/**
 * What the compiler finds wrong with manifests by the types of Kubernetes' API: fields that it does not know or that are
 * missing, values of another type.
 */
export function manifestFaults(manifests: readonly Manifest[]): string[] {
  const folder = mkdtempSync(join(ROOT, 'node_modules/.manifests-')) // where the types are found
  try {
    const lines = manifests.flatMap(({ apiVersion, kind, ...rest }, i) => {
      const from = TYPES[`${apiVersion} ${kind}`]
      if (from === undefined) throw new Error(`no type is known for ${apiVersion} ${kind}`)
      const literal = JSON.stringify({ apiVersion, kind, ...rest }, null, 2)
      return [
        `import type { ${kind} as Type${i} } from 'kubernetes-types/${from}'`,
        `export const manifest${i}: Type${i} = ${literal}`,
      ]
    })
    const file = join(folder, 'manifests.ts')
    writeFileSync(file, lines.join('\n'))
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--module', 'esnext']
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
    execFileSync(process.execPath, [compiler, ...options, '--moduleResolution', 'bundler', file], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
    return []
  } catch (error) {
    const { stdout } = error as { stdout?: string }
    if (!stdout) throw error
    return stdout.split('\n').filter((line) => line !== '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
