#!/usr/bin/env node
import { ready } from './prepare.mjs'

const from = process.env.INIT_CWD ?? process.cwd() // where somebody typed it: files are named from there
await ready()
process.chdir(from)
await import('../dist/jackstaff.mjs')
