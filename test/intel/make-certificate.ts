/**
 * Certificates for tests, encoded by hand (X.509, RFC 5280): Node reads them but makes none.
 *
 * @module
 */
import { generateKeyPairSync, sign } from 'node:crypto'

const tlv = (tag: number, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content)
  const { length } = body
  const size =
    length < 128
      ? [length]
      : length < 256
        ? [0x81, length]
        : length < 65_536
          ? [0x82, length >> 8, length & 255]
          : []
  if (size.length === 0) throw new RangeError('too long for this encoder')
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

const sequence = (...content: readonly Buffer[]): Buffer => tlv(0x30, ...content)
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'))
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
const time = (iso: string): Buffer => tlv(0x18, Buffer.from(`${iso.replaceAll(/[-:T]/g, '').slice(0, 14)}Z`))

const distinguished = (parts: Readonly<Record<'CN' | 'O', string | undefined>>): Buffer =>
  sequence(
    ...(['O', 'CN'] as const).flatMap((name) => {
      const value = parts[name]
      const type = name === 'CN' ? '550403' : '55040a'
      return value === undefined ? [] : [tlv(0x31, sequence(oid(type), tlv(0x0c, Buffer.from(value))))]
    }),
  )

export interface CertificateDraft {
  readonly commonName: string
  readonly organisation?: string
  /** Who signed it: another name than its own, though the key is the same. */
  readonly issuer?: string
  readonly names?: readonly string[]
  /** ISO 8601. */
  readonly from?: string
  readonly to?: string
}

/** A key and a certificate signed with it, as PEM. */
export const makeCertificate = (draft: CertificateDraft): { readonly key: string; readonly cert: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = distinguished({ CN: draft.commonName, O: draft.organisation })
  const issuer = draft.issuer === undefined ? subject : distinguished({ CN: draft.issuer, O: undefined })
  const names = (draft.names ?? []).map((name) => tlv(0x82, Buffer.from(name, 'latin1')))
  const alternative = sequence(oid('551d11'), tlv(0x04, sequence(...names)))
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    issuer,
    sequence(time(draft.from ?? '2026-01-01T00:00:00'), time(draft.to ?? '2126-01-01T00:00:00')),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(names.length === 0 ? [] : [tlv(0xa3, sequence(alternative))]),
  )
  const signature = sign('sha256', body, privateKey)
  const der = sequence(body, ecdsaWithSha256, tlv(0x03, Buffer.from([0]), signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}
