import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The other engines are dependencies of bench/ alone: the project type-checks and builds without them. */
const require = createRequire(join(process.cwd(), 'bench/package.json'))

/** `T` says as much of the package as its contender uses. */
export const load = <T>(name: string): T => require(name) as T
