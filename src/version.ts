import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Winnow's version, as its package says. */
export const version = String(
  // package.json is our own; requiring it by the package's name works from the source and from the build.
  (require('winnow/package.json') as { readonly version: string }).version,
)
