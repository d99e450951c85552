/**
 * Links to choose a password, in browsers: the real server over its real work state. There is no engine, so pages that show
 * events are not looked at.
 *
 * @module
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { UserRow } from '../../src/store/users.ts'
import { addUser, runServer, signedIn, type Running } from '../server/running.ts'
import { buildConsole, launchBrowser, violations, violationsByLook, whyNot } from './browser.ts'

if (whyNot !== null) process.stderr.write(`the browser tests of invitations are skipped: ${whyNot}\n`)

describe.skipIf(whyNot !== null)('a link to choose a password', () => {
  let server: Running
  let url: string
  let browser: Browser
  let ada: UserRow
  const problems: string[] = []

  beforeAll(async () => {
    server = await runServer({ consoleFolder: await buildConsole() })
    ada = await addUser(server, 'ada', 'administrator')
    await addUser(server, 'grace', 'analyst')
    url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    browser = await launchBrowser()
  }, 180_000)
  afterAll(async () => {
    await browser.close()
    await server.close()
  })
  afterEach(() => {
    // Errors and broken policies fail whichever test they happen in.
    const found = problems.splice(0)
    if (found.length > 0) throw new Error(found.join('\n'))
  })

  /** A page in a browser of its own, where somebody is signed in or nobody. */
  const open = async (address: string, user?: UserRow): Promise<Page> => {
    const context = await browser.newContext({ colorScheme: 'light', reducedMotion: 'reduce' })
    if (user !== undefined) {
      const [name = '', value = ''] = (await signedIn(server, user)).cookie.split('=')
      await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Strict' }])
    }
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        problems.push(message.text())
    })
    await page.goto(address)
    return page
  }

  /** Breaks no rule of accessibility in light and dark, and fits a phone. */
  const isSound = async (page: Page): Promise<void> => {
    expect(await violationsByLook(page)).toEqual({ light: [], dark: [], phone: [] })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
  }

  const choose = async (page: Page, password: string): Promise<void> => {
    await page.getByRole('heading', { level: 1, name: 'Choose a password' }).waitFor()
    await page.getByLabel('New password').first().fill(password)
    await page.getByRole('button', { name: 'Set the password' }).click()
  }

  it('is shown once to whoever invites, and lets in who is invited', { timeout: 120_000 }, async () => {
    const inviting = await open(`${url}/settings?tab=users`, ada)
    await inviting.getByRole('button', { name: 'Add a user' }).click()
    const dialog = inviting.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Bea Example')
    await dialog.getByLabel('E-mail').fill('bea@example.com')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    const link = (await dialog.locator('.secret').textContent()) ?? ''
    expect(link.startsWith(`${url}/choose-password#`)).toBe(true)
    await dialog.locator('button:focus', { hasText: 'Copy' }).waitFor()
    expect(await violations(inviting)).toEqual([])
    await inviting.setViewportSize({ width: 390, height: 844 })
    expect(await violations(inviting)).toEqual([])
    await inviting.setViewportSize({ width: 1280, height: 900 })
    await dialog.getByRole('button', { name: 'Done' }).click()
    await inviting.getByRole('rowheader', { name: 'Bea Example invited' }).waitFor()
    await dialog.waitFor({ state: 'detached' })
    expect(await inviting.getByText(link).count()).toBe(0)

    const invited = await open(link)
    await invited.waitForURL(`${url}/choose-password`)
    await choose(invited, 'bea@example.com!')
    await invited.getByRole('alert').getByText('it is hardly more than the name or the address').waitFor()
    await isSound(invited)
    await choose(invited, 'a sentence of my own')
    await invited.getByText('Your password is set, and you are signed in').waitFor()
    await invited.waitForURL(`${url}/today`)
    await invited.goto(`${url}/settings?tab=account`)
    await invited.getByText('bea@example.com, analyst').waitFor()

    await inviting.reload()
    await inviting.getByRole('rowheader', { name: 'Bea Example' }).waitFor()
    expect(await inviting.getByText('invited').count()).toBe(0)
  })

  it('is made for who forgot theirs, and says when it is used up', { timeout: 120_000 }, async () => {
    const helping = await open(`${url}/settings?tab=users`, ada)
    const made = async (): Promise<string> => {
      await helping.getByRole('button', { name: 'Actions for grace' }).click()
      await helping.getByRole('menuitem', { name: 'Make a link to choose a password…' }).click()
      const dialog = helping.getByRole('dialog', { name: 'A link for grace' })
      const link = (await dialog.locator('.secret').textContent()) ?? ''
      await dialog.getByRole('button', { name: 'Done' }).click()
      await dialog.waitFor({ state: 'detached' })
      return link
    }
    const [first, second] = [await made(), await made()]
    expect(first).not.toBe(second)

    const page = await open(first)
    await choose(page, 'a sentence of my own')
    await page.getByRole('heading', { level: 1, name: 'This link is used up' }).waitFor()
    await isSound(page)
    // Nothing but the end of the address is another one.
    await page.goto(second)
    await choose(page, 'a sentence of my own')
    await page.waitForURL(`${url}/today`)

    const half = await open(`${url}/choose-password`)
    await half.getByText('This page needs the whole link').waitFor()
    await isSound(half)
    await half.getByRole('link', { name: 'Sign in with a password' }).click()
    await half.getByRole('heading', { level: 1, name: 'Sign in to Winnow' }).waitFor()
  })
})
