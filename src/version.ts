import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

// package.json is our own; requiring it by the package's name works from the source and from the build.
const own = require('winnow/package.json') as { readonly version: string }

/** Winnow's version, as its package says. */
export const { version } = own
