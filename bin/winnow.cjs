#!/usr/bin/env node
'use strict'
const { existsSync } = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')

// Each query holds a thread of Node's pool while it runs, and files need some too. It is read when the pool is first used, which
// loading a module does: hence this file is the last of its kind.
process.env.UV_THREADPOOL_SIZE ??= '16'

const main = path.join(__dirname, '..', 'dist', 'src', 'cli', 'main.js')
if (existsSync(main)) void import(pathToFileURL(main).href)
else {
  console.error('winnow: this copy is not built yet. Run `npm start` (or `npm run build`) once.')
  process.exitCode = 1
}
