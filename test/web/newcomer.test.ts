/**
 * The newcomer's first ten minutes, in a real browser, with the real server over the bundled logs: from the link that `npm start`
 * prints to a closed incident. With `SCREENSHOTS` set to a folder, it draws what the README shows.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/read-config.ts'
import { startDemo, type Demo } from '../../src/serve/demo.ts'
import { signInLink } from '../../src/store/one-time-tokens.ts'
import { buildConsole, launchBrowser, settled, violations, whyNot } from './browser.ts'

if (whyNot !== null) process.stderr.write(`the newcomer's browser test is skipped: ${whyNot}\n`)

const pictures = process.env['SCREENSHOTS']

const files = ['web/access.log.gz', 'auth/auth.log', 'nginx-json/access.json.gz'].map((file) =>
  path.resolve('examples', file),
)

describe.skipIf(whyNot !== null)('a newcomer', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-newcomer-'))
  const troubles: string[] = []
  let demo: Demo
  let browser: Browser
  let replaying: Promise<void> = Promise.resolve()

  beforeAll(async () => {
    const text = JSON.stringify({ data: path.join(folder, 'data'), listen: '127.0.0.1:0', intake: null })
    const { config } = parseConfig(text, 'test')
    if (config === null) throw new Error('the configuration is wrong')
    const log = pino({ level: 'error' }, { write: (line: string) => void troubles.push(line) })
    const consoleFolder = await buildConsole()
    demo = await startDemo(config, files, 20, { log, consoleFolder, pace: 0.2 })
    browser = await launchBrowser()
  }, 180_000)

  afterAll(async () => {
    await browser.close()
    await replaying
    await demo.server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const shoot = async (page: Page, name: string): Promise<void> => {
    if (pictures !== undefined) await page.screenshot({ path: path.join(pictures, `console-${name}.png`) })
  }

  it('follows the link, sees incidents come in, reads one, and closes it', { timeout: 240_000 }, async () => {
    const { server, userId } = demo
    replaying = demo.goOn(new AbortController().signal)
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      colorScheme: 'light',
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(90_000)
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })

    // The link signs in, and leads to what needs a person.
    await page.goto(await signInLink(server.store.db, userId, server.url))
    await page.getByRole('heading', { name: /need a look|needs a look/ }).waitFor()
    await page.getByText('got in as bob').first().waitFor()
    await replaying
    await server.settled()
    expect(await violations(page)).toEqual([])
    await shoot(page, 'today')

    // The worst of them, and its story.
    await page.getByText('got in as bob').first().click()
    await page.getByRole('heading', { level: 1, name: /got in as bob/ }).waitFor()
    await page.getByText('Accepted password for bob').first().waitFor()
    await settled(page)
    expect(await violations(page)).toEqual([])
    await shoot(page, 'incident')
    const address = new URL(page.url()).pathname

    // Its events, as a search.
    await page.getByRole('link', { name: 'Show all its events in Explore' }).first().click()
    await page
      .getByText(/\d+ events/)
      .first()
      .waitFor()
    await page.getByText('Failed password for bob').first().waitFor()
    await settled(page)
    await shoot(page, 'explore')

    // At phone width, and in the dark.
    await page.goto(server.url + address)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('heading', { level: 1, name: /got in as bob/ }).waitFor()
    await settled(page)
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await shoot(page, 'phone')
    await page.setViewportSize({ width: 1440, height: 900 })
    await shoot(page, 'incident-dark')

    // Somebody takes it, writes down what was found, and closes it.
    await page.getByRole('textbox', { name: 'Note' }).fill('Password of bob changed, sessions ended.')
    await page.getByRole('button', { name: 'Add the note' }).click()
    await page.locator('.note', { hasText: 'Password of bob changed' }).waitFor()
    await page.getByRole('button', { name: 'Close…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: /threat/i }).check()
    await dialog
      .getByRole('button', { name: /^Close/ })
      .last()
      .click()
    await page.locator('header .chip', { hasText: 'Closed' }).waitFor()
    await page.goto(`${server.url}/today`)
    await page.getByRole('heading', { name: /look/ }).waitFor()
    expect(await page.getByText('got in as bob').count()).toBe(0)

    for (const [name, where] of [
      ['detectors', '/detectors'],
      ['sources', '/sources'],
      ['entity', '/entities/address/203.0.113.77'],
    ] as const) {
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(server.url + where)
      await settled(page)
      expect(await violations(page)).toEqual([])
      await shoot(page, name)
    }
    expect(problems).toEqual([])
    expect(troubles).toEqual([])
    await context.close()
  })
})
