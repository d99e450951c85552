/**
 * Where a server keeps its parts, and where it is reached.
 *
 * @module
 */
import path from 'node:path'
import type { Config, ListenAddress } from './config.ts'

/** PGlite's folder, within the data folder. */
export const workFolder = (dataFolder: string): string => path.join(dataFolder, 'work')

/** What is taken in and not loaded yet, within the data folder. */
export const intakeFolder = (dataFolder: string): string => path.join(dataFolder, 'intake')

/** Where the work state is. */
export const storeAt = ({
  store,
  data,
}: Pick<Config, 'store' | 'data'>): { readonly folder: string } | { readonly url: string } =>
  store === undefined ? { folder: workFolder(data) } : { url: store }

/** @param port the one it listens at, where the system chose it */
export const urlOf = ({ host, port: asked, tls }: ListenAddress, port = asked): string =>
  `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`
