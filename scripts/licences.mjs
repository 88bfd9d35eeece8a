import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, say } from './prepare.mjs'

// The licences of what is shipped, by the lockfile. Ends with 1 where one is copyleft, unknown, or merely new here.

const read = (file) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
const { allowed, excepted } = read('supply-chain.json').licences

const shipped = Object.entries(read('package-lock.json').packages)
  .filter(([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link)
  .map(([path, { version, license }]) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version,
    licence: license ?? 'unknown',
  }))

const isExcepted = ({ name }) => Object.keys(excepted).some((start) => name.startsWith(start))
/** All of `A AND B` hold together. */
const isAllowed = ({ licence }) => licence.split(' AND ').every((each) => allowed.includes(each))
const refused = shipped.filter((each) => !isAllowed(each) && !isExcepted(each))

for (const { name, version, licence } of shipped.sort((a, b) => (a.name < b.name ? -1 : 1)))
  say(`${licence.padEnd(36)} ${name}@${version}`)
for (const [name, reason] of Object.entries(excepted)) say(`\nexcepted: ${name} (${reason})`)
say(`\n${shipped.length} packages are shipped, ${refused.length} with a licence that is not allowed.`)
for (const { name, version, licence } of refused)
  say(`  ${name}@${version}: ${licence}. Replace it, or say in supply-chain.json why it may stay`)
if (refused.length > 0) process.exitCode = 1
