// Holds a data folder until its input ends: `node hold.mjs <folder>`.
import process from 'node:process'
import { Session } from 'chdb'

const session = new Session(process.argv[2])
process.stdout.write('held\n')
process.stdin.on('end', () => session.close()).resume()
