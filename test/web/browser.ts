/**
 * A real browser against the stand-in server, for the tests of the console.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core'
import { build } from 'vite'
import { type Fixture, buildFixture } from './fixture-server.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Why these tests cannot run here; null where they can. */
export const whyNot = existsSync(executablePath) ? null : `there is no browser at ${executablePath}`

export interface Looks {
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
  /** A screen that is touched. */
  readonly touch?: boolean
  /** A state of the stand-in: `empty`, `error` … */
  readonly state?: string
}

export interface Console {
  readonly fixture: Fixture
  readonly url: string
  /** A page of its own, signed in. It fails the test when the page logs an error or breaks the policy. */
  readonly open: (address: string, looks?: Looks) => Promise<Page>
  readonly problems: string[]
  readonly close: () => Promise<void>
}

/** Built anew, so that what is tested is what is written. */
export const buildConsole = async (): Promise<string> => {
  const folder = path.join(tmpdir(), `winnow-console-${process.pid}`)
  await build({
    configFile: fileURLToPath(new URL('../../web/vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  })
  return folder
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] })

export const openConsole = async (): Promise<Console> => {
  const fixture = await buildFixture(await buildConsole())
  const url = await fixture.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await launchBrowser()
  const contexts: BrowserContext[] = []
  const problems: string[] = []
  return {
    fixture,
    url,
    problems,
    open: async (address, { scheme = 'light', width = 1440, touch = false, state } = {}) => {
      const context = await browser.newContext({
        viewport: { width, height: width < 500 ? 844 : 900 },
        colorScheme: scheme,
        timezoneId: 'Europe/Berlin',
        reducedMotion: 'reduce',
        hasTouch: touch,
        ...(state === undefined ? {} : { extraHTTPHeaders: { 'x-fixture': state } }),
      })
      contexts.push(context)
      const page = await context.newPage()
      page.setDefaultTimeout(10_000)
      page.on('pageerror', (error) => problems.push(`${address}: ${error.message}`))
      page.on('console', (message) => {
        const text = message.text()
        if (message.type() === 'error' && !text.startsWith('Failed to load resource'))
          problems.push(`${address}: ${text}`)
      })
      page.on('request', (request) => {
        if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
          problems.push(`${address}: asked for ${request.url()}`)
      })
      await page.goto(url + address)
      return page
    },
    close: async () => {
      await Promise.all(contexts.map((context) => context.close()))
      await browser.close()
      await fixture.app.close()
    },
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Violations of WCAG 2.2 AA and of good practice, one a line. */
export const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axeSource)
  return page.evaluate<string[]>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
       .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`,
  )
}

/** A page's violations in light, in dark, and on a phone in the dark, where it stays. */
export const violationsByLook = async (page: Page): Promise<Readonly<Record<string, readonly string[]>>> => {
  const light = await violations(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
  const dark = await violations(page)
  await page.setViewportSize({ width: 390, height: 844 })
  return { light, dark, phone: await violations(page) }
}

/** When nothing is being read any more. */
export const settled = async (page: Page): Promise<void> => {
  await page.locator('h1').first().waitFor()
  await page.locator('.skeleton').first().waitFor({ state: 'detached' })
}

export const placeOf = async (page: Page, selector: string) => {
  const box = await page.locator(selector).boundingBox()
  if (box === null) throw new Error(`nothing of ${selector} is on the screen`)
  return box
}

interface Point {
  readonly x: number
  readonly y: number
}

/** A finger that is put down, moved in a line and lifted; the browser scrolls by it as by a real one. */
export const swipe = async (page: Page, from: Point, to: Point): Promise<void> => {
  const screen = await page.context().newCDPSession(page)
  const steps = 8
  await screen.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ ...from }] })
  for (let step = 1; step <= steps; step++) {
    const point = {
      x: from.x + ((to.x - from.x) * step) / steps,
      y: from.y + ((to.y - from.y) * step) / steps,
    }
    await screen.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] })
  }
  await screen.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await screen.detach()
}
