/**
 * The console's files. Which there are is looked at once: no other path of the disk is ever opened.
 *
 * @module
 */
import staticFiles from '@fastify/static'
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../errors.ts'
import type { App } from './context.ts'

/** `dist/web`, seen from `src/server` and from `dist/src/server`. */
export const builtConsole = (here = import.meta.url): string =>
  fileURLToPath(new URL(here.endsWith('.ts') ? '../../dist/web/' : '../../web/', here))

const filesOf = (folder: string): ReadonlySet<string> =>
  new Set(
    existsSync(path.join(folder, 'index.html'))
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .filter((name) => statSync(path.join(folder, name)).isFile())
          .map((name) => name.split(path.sep).join('/'))
      : [],
  )

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Winnow</title>
<h1>The console is not built</h1>
<p>Winnow runs, and its API answers under <a href="/api/openapi.json">/api</a>.
To see the console, run <code>npm run build</code> and start Winnow again.</p>
</html>
`

/** Files whose name is made from their content: they never change. */
const isLasting = (file: string): boolean => file.startsWith('assets/')

export const addConsole = async (app: App, folder: string): Promise<void> => {
  const files = filesOf(folder)
  if (files.size > 0) {
    await app.register(staticFiles, { root: folder, serve: false, cacheControl: false, preCompressed: true })
  }
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    config: { role: 'anyone', rateLimit: false },
    schema: { hide: true },
    handler: (request, reply) => {
      // The route's only parameter.
      const { '*': asked } = request.params as { '*': string }
      if (asked === 'api' || asked.startsWith('api/')) throw new AppError('not-found', { what: 'route' })
      if (files.has(asked) && asked !== 'index.html') {
        return reply
          .header('cache-control', isLasting(asked) ? 'public, max-age=31536000, immutable' : 'no-cache')
          .sendFile(asked)
      }
      // A page of the console is a path without an extension, or with a value that has dots; a file that is missing is not.
      if (asked.startsWith('assets/')) throw new AppError('not-found', { what: 'file' })
      void reply.header('cache-control', 'no-cache')
      return files.size > 0
        ? reply.sendFile('index.html')
        : reply.type('text/html; charset=utf-8').send(notBuilt)
    },
  })
}
