import { readFile } from 'node:fs/promises'
import { EdgeVM } from '@edge-runtime/vm'

/** Runs a bundle in the runtime of edge functions, without code from strings, and prints what its `visit` answers. */
const [bundle, options] = process.argv.slice(2)
const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: false } })
const hasNode = vm.evaluate("typeof process !== 'undefined' || typeof Buffer !== 'undefined'")
vm.evaluate(await readFile(bundle, 'utf8'))
console.log(JSON.stringify({ hasNode, ...(await vm.evaluate(`visit(${options})`)) }))
