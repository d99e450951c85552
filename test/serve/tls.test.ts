import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import os from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { connect } from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/read-config.ts'
import { readTls } from '../../src/config/tls.ts'
import { serve } from '../../src/serve/serve.ts'
import { makeCertificate } from '../intel/make-certificate.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-tls-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const writePair = (commonName: string): void => {
  const { cert, key } = makeCertificate({ commonName, names: ['winnow.example.com'] })
  writeFileSync(path.join(folder, 'cert.pem'), cert)
  writeFileSync(path.join(folder, 'key.pem'), key)
}

/** Whose certificate a server shows. */
const shownBy = async (url: string): Promise<string> => {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { CN } = socket.getPeerCertificate().subject
  socket.destroy()
  return String(CN)
}

const post = (url: string, body: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', rejectUnauthorized: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asking.on('error', reject)
    asking.end(body)
  })

describe('a server with certificates', () => {
  it(
    'encrypts the console and what is sent to it, and takes renewed certificates while it runs',
    { timeout: 120_000 },
    async () => {
      writePair('first')
      const file = path.join(folder, 'winnow.yaml')
      writeFileSync(
        file,
        [
          'data: data',
          'listen: 127.0.0.1:0',
          'tls: { cert: cert.pem, key: key.pem }',
          'intake:',
          '  listen: 127.0.0.1:0',
          '  tls: { cert: cert.pem, key: key.pem }',
        ].join('\n'),
      )
      const config = await readConfig(file, {})
      const server = await serve(config, { log: pino({ level: 'silent' }), pace: 0.05 })
      try {
        const { url, intakeUrl } = server
        if (intakeUrl === null) throw new Error('nothing is taken')
        expect([url, intakeUrl].map((one) => new URL(one).protocol)).toEqual(['https:', 'https:'])
        expect(await shownBy(url)).toBe('first')
        expect(await post(`${intakeUrl}/ingest/web`, 'a line\n')).toBe(200)

        writePair('second')
        await server.reload(config)
        expect([await shownBy(url), await shownBy(intakeUrl)]).toEqual(['second', 'second'])
        expect(await post(`${intakeUrl}/ingest/web`, 'another line\n')).toBe(200)

        // Half of a renewal changes nothing.
        writeFileSync(path.join(folder, 'key.pem'), makeCertificate({ commonName: 'third' }).key)
        await expect(server.reload(config)).rejects.toMatchObject({ code: 'invalid-config' })
        expect(await shownBy(url)).toBe('second')
      } finally {
        await server.close()
      }
    },
  )

  it('says which file is missing', () => {
    expect(() => readTls({ cert: path.join(folder, 'absent.pem'), key: 'k' })).toThrow(/absent\.pem/)
  })
})
