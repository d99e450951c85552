import { mkdtempSync } from 'node:fs'
import path from 'node:path'
import os from 'node:os'
import { pino } from 'pino'
import { it } from 'vitest'
import { parseConfig } from '../../src/config/read-config.ts'
import { serve } from '../../src/serve/serve.ts'
it('starts and ends', { timeout: 90_000 }, async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-dbg-'))
  const log = pino({ level: 'info' }, { write: (line: string) => void process.stderr.write(line) })
  const { config } = parseConfig(JSON.stringify({ data: folder, listen: '127.0.0.1:0', intake: { listen: '127.0.0.1:0' } }), 'test')
  if (config === null) throw new Error('x')
  const t = Date.now()
  const say = (s: string) => process.stderr.write(`## ${s} ${Date.now() - t}\n`)
  const server = await serve(config, { log, pace: 0.05 })
  say('started')
  const sent = await fetch(`${server.intakeUrl}/ingest/web`, { method: 'POST', body: '198.51.100.7 - - [02/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "-"\n' })
  say(`sent ${sent.status}`)
  await server.close()
  say('closed')
  const second = await serve(config, { log, pace: 0.05 })
  say('second')
  await Promise.race([second.settled(), new Promise((r) => setTimeout(r, 40_000))])
  say('settled')
  await Promise.race([second.close(), new Promise((r) => setTimeout(r, 15_000))])
  say('closed second')
})
