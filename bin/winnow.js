#!/usr/bin/env node
import { existsSync } from 'node:fs'

const main = new URL('../dist/src/cli/main.js', import.meta.url)
if (existsSync(main)) {
  await import(main.href)
} else {
  console.error('winnow: this copy is not built yet. Run `npm start` (or `npm run build`) once.')
  process.exitCode = 1
}
