import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'

/** Prints, as JSON, what is wrong with the types of a packed package and how they are found in each way to resolve them. */
const tarball = readFileSync(process.argv[2])
const { problems, entrypoints } = await checkPackage(createPackageFromTarballData(tarball))
const resolutions = Object.entries(entrypoints['.'].resolutions)
const types = Object.fromEntries(
  resolutions.map(([mode, { resolution }]) => [mode, resolution?.fileName.replace(/^.*\/dist\//, 'dist/')]),
)
console.log(JSON.stringify({ problems, types }))
