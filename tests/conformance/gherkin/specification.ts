import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseFeature, type Scenario } from './parse-feature'

/** A file of the OpenFeature specification, as published. */
export function readSpecification(file: string): string {
  const url = new URL(`../../../../shared/data/openfeature-spec/${file}`, import.meta.url)
  return readFileSync(fileURLToPath(url), 'utf8')
}

const FEATURES = [
  'evaluation_v2.feature',
  'contextMerging.feature',
  'hooks.feature',
  'metadata.feature',
] as const

/** Every scenario of the specification, outlines expanded. */
export function loadScenarios(): readonly (Scenario & { readonly file: string })[] {
  return FEATURES.flatMap((file) => parseFeature(readSpecification(file)).map((it) => ({ file, ...it })))
}
