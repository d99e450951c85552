// One ClickHouse node in this process: `node node.mjs <library> <argument>…`. It holds this thread until its last query
// ends; another thread ends the process when its parent is gone.
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { DataType, load, open } from 'ffi-rs'

const [library, ...rest] = process.argv.slice(2)
if (library === undefined) throw new TypeError('usage: node node.mjs <library> <argument>…')
const args = ['clickhouse', ...rest]
const watch = `
  const parent = process.ppid
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL') }, 1000)
`
const watcher = new Worker(watch, { eval: true })
await new Promise((resolve) => watcher.once('online', resolve))
open({ library: 'chdb', path: library })
load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [args.length, args],
})
process.exit(0)
