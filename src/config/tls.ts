import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { AppError, messageOf } from '../errors.ts'
import type { ListenAddress } from './config.ts'

/** Certificate and key as Node's servers take them. */
export interface TlsFiles {
  readonly cert: Buffer
  readonly key: Buffer
  /** Who signs clients; only such may connect then. */
  readonly ca?: Buffer
  readonly requestCert?: true
  readonly rejectUnauthorized?: true
}

const contentOf = (file: string): Buffer => {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new AppError('invalid-config', { place: file, problem: messageOf(error) }, error)
  }
}

/** @throws AppError `invalid-config` where a file cannot be read, or certificate and key are no pair */
export const readTls = ({ cert, key, clientCa }: NonNullable<ListenAddress['tls']>): TlsFiles => {
  const files = {
    cert: contentOf(cert),
    key: contentOf(key),
    ...(clientCa === undefined
      ? {}
      : { ca: contentOf(clientCa), requestCert: true as const, rejectUnauthorized: true as const }),
  }
  try {
    createSecureContext(files)
  } catch (error) {
    throw new AppError('invalid-config', { place: cert, problem: messageOf(error) }, error)
  }
  return files
}
