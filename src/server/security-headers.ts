/**
 * What a browser is told to refuse.
 *
 * @module
 */
import helmet from '@fastify/helmet'
import type { App } from './context.ts'

/**
 * Scripts, fonts and requests are our own, and nothing may frame us. Styles may be inline: Mantine writes its theme's variables and the
 * responsive ones of each component into `<style>` elements, and the charts' tooltips carry `style` attributes, for which there is no
 * nonce. A style can't run anything, and with `default-src 'none'` it can't fetch anything from elsewhere.
 */
const directives = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  scriptSrcAttr: ["'none'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  workerSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}

/** @param secure whether browsers come by TLS */
export const addSecurityHeaders = async (app: App, secure: boolean): Promise<void> => {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) {
      void reply.header('cache-control', 'no-store')
    }
    return payload
  })
}
