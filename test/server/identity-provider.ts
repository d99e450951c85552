/** A small OpenID provider on this machine, for tests: it signs in whoever it is told to, and can be told to misbehave. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface IdentityProvider {
  readonly issuer: string
  /** Claims of whoever signs in next. */
  person: Record<string, unknown>
  /** Changes claims of the ID token just before it is signed. */
  tamper: (claims: Record<string, unknown>) => Record<string, unknown>
  /** What the browser would do: follows the sign-in's address, and gives back where it is sent. */
  readonly authorize: (url: string) => string
  readonly close: () => Promise<void>
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export const openIdentityProvider = async (): Promise<IdentityProvider> => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const codes = new Map<
    string,
    { readonly nonce: string; readonly challenge: string; readonly clientId: string }
  >()

  const tokenFor = (code: string, verifier: string): object | null => {
    const known = codes.get(code)
    codes.delete(code)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    if (known === undefined || known.challenge !== challenge) return null
    const now = Math.floor(Date.now() / 1000)
    const claims = provider.tamper({
      iss: provider.issuer,
      aud: known.clientId,
      iat: now,
      exp: now + 60,
      nonce: known.nonce,
      ...provider.person,
    })
    const content = `${base64url({ alg: 'RS256', kid: 'one' })}.${base64url(claims)}`
    const signature = sign('sha256', Buffer.from(content), privateKey).toString('base64url')
    return {
      access_token: randomBytes(8).toString('hex'),
      token_type: 'Bearer',
      id_token: `${content}.${signature}`,
    }
  }

  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (request.url === '/.well-known/openid-configuration') {
      const { issuer } = provider
      answer(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      })
    } else if (request.url === '/keys') {
      answer(200, {
        keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
      })
    } else {
      let body = ''
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => {
        const form = new URLSearchParams(body)
        const token = tokenFor(form.get('code') ?? '', form.get('code_verifier') ?? '')
        if (token === null) answer(400, { error: 'invalid_grant' })
        else answer(200, token)
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // It listens on a port.
  const { port } = server.address() as AddressInfo

  const provider: IdentityProvider = {
    issuer: `http://127.0.0.1:${port}`,
    person: {},
    tamper: (claims) => claims,
    authorize: (url) => {
      const { searchParams } = new URL(url)
      const code = randomBytes(8).toString('hex')
      codes.set(code, {
        nonce: searchParams.get('nonce') ?? '',
        challenge: searchParams.get('code_challenge') ?? '',
        clientId: searchParams.get('client_id') ?? '',
      })
      const back = new URL(searchParams.get('redirect_uri') ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', searchParams.get('state') ?? '')
      return back.href
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return provider
}
