import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Console, openConsole, settled, violationsByLook, whyNot } from './browser.ts'

if (whyNot !== null) process.stderr.write(`the browser tests of forms are skipped: ${whyNot}\n`)

describe.skipIf(whyNot !== null)('what people type and change', () => {
  let console: Console

  beforeAll(async () => {
    console = await openConsole()
  }, 120_000)
  afterAll(() => console.close())

  /** A page on which the answers to some requests come late, as over a slow line. */
  const openSlow = async (address: string, requests: string) => {
    const page = await console.open(address)
    await settled(page)
    await page.route(requests, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 600))
      await route.continue()
    })
    return page
  }

  it('says that the line has moved, though its preview is still being read', async () => {
    const page = await openSlow('/detectors/web-client-behaviour', '**/preview')
    await page.getByRole('slider').focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('button', { name: 'Move the line' }).click()
    await page.getByText('The line is moved').waitFor()
    expect(await page.getByRole('slider').getAttribute('aria-valuenow')).toBe('0.25')
    await page.close()
  })

  it('says that the settings are kept, though what follows from them is still being read', async () => {
    const page = await openSlow('/settings?tab=data', '**/api/today')
    await page.getByLabel('Incidents a day').fill('9')
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByText('The settings are kept').waitFor()
    expect(await page.getByLabel('Incidents a day').inputValue()).toBe('9')
    await page.close()
  })

  it('reads the times of an excluded period in the zone that the console shows', async () => {
    const page = await console.open('/settings?tab=data')
    await settled(page)
    const form = page.locator('form', { has: page.getByRole('button', { name: 'Exclude' }) })
    const exclude = async (from: string, to: string) => {
      await form.getByLabel('From').fill(from)
      await form.getByLabel('To').fill(to)
      const [request] = await Promise.all([
        page.waitForRequest((request) => request.method() === 'PATCH'),
        form.getByRole('button', { name: 'Exclude' }).click(),
      ])
      // Emptied as soon as it is kept.
      await expect.poll(() => form.getByLabel('From').inputValue()).toBe('')
      const { excludedPeriods } = request.postDataJSON() as {
        excludedPeriods: { from: string; to: string }[]
      }
      return excludedPeriods.at(-1)
    }
    await form.getByText('Times in Europe/Berlin').waitFor()
    expect(await exclude('2021-07-15T06:00', '2021-07-15T08:30')).toMatchObject({
      from: '2021-07-15T04:00:00.000Z',
      to: '2021-07-15T06:30:00.000Z',
    })
    await page.getByRole('button', { name: 'Times in Europe/Berlin' }).click()
    await form.getByText('Times in UTC').waitFor()
    // An hour that Berlin's clocks skip: there, this period would end before it begins.
    expect(await exclude('2021-03-28T02:30', '2021-03-28T03:15')).toMatchObject({
      from: '2021-03-28T02:30:00.000Z',
      to: '2021-03-28T03:15:00.000Z',
    })
    await page.getByText('28 Mar 2021 02:30 – 03:15').waitFor()
    await form.getByLabel('From').fill('2021-07-15T08:00')
    await form.getByLabel('To').fill('2021-07-15T08:00')
    await form.getByText('Must be after the start').waitFor()
    expect(await form.getByRole('button', { name: 'Exclude' }).isDisabled()).toBe(true)
    expect(await violationsByLook(page)).toEqual({ light: [], dark: [], phone: [] })
    await page.close()
  })

  it('says why signing in elsewhere was refused, and nothing that an address could add', async () => {
    const said = {
      'not-allowed': /may not use Winnow/,
      conflict: /belongs to an account here already/,
      'last-administrator': /nobody else has it here/,
      'sign-in-elsewhere-failed': /Begin again, here and in this same browser/,
      'call-555-to-get-in': /^Signing in elsewhere did not work\. Try it again/,
    }
    for (const [code, words] of Object.entries(said)) {
      const page = await console.open(`/sign-in?error=${code}`, { state: 'signed-out' })
      const alert = page.getByRole('alert')
      await alert.waitFor()
      expect(await alert.textContent()).toMatch(words)
      expect(await page.locator('body').textContent()).not.toContain(code)
      await page.close()
    }
    const page = await console.open('/sign-in?error=not-allowed', { state: 'signed-out' })
    await page.getByRole('alert').waitFor()
    expect(await violationsByLook(page)).toEqual({ light: [], dark: [], phone: [] })
    await page.getByLabel('E-mail').fill('ada@example.com')
    await page.getByLabel('Password').first().fill('wrong')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('The e-mail or the password is wrong.').waitFor()
    expect(await page.getByText('may not use Winnow').count()).toBe(0)
    await page.goto(`${console.url}/sign-in`)
    await page.getByLabel('E-mail').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.close()
  })

  it('lets the words of a search be mended in their middle', async () => {
    const page = await console.open('/detectors?q=brforce')
    await settled(page)
    const field = page.getByLabel('Find a detector')
    await field.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await field.pressSequentially('ute-')
    await page.waitForURL(/q=brute-force/)
    expect(await field.inputValue()).toBe('brute-force')
    await page.getByRole('link', { name: 'Guessing passwords' }).waitFor()
    await page.close()
  })
})
