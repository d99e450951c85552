// Packs a file by the engine, in a process of its own: `node pack.mjs <source> <target> <gzip|zstd|xz>`. On one thread: several
// would write its blocks in the order in which they are done.
import process from 'node:process'
import { Session } from 'chdb'

const [source, target, compression] = process.argv.slice(2)
const session = new Session()
const quoted = (text) => `'${text}'`
session.query(
  `INSERT INTO FUNCTION file(${quoted(target)}, 'LineAsString', 'line String', ${quoted(compression)}) SELECT line FROM file(${quoted(source)}, 'LineAsString', 'line String', 'none') SETTINGS max_threads = 1`,
)
session.close()
