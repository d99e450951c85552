import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Console, openConsole, settled, whyNot } from './browser.ts'

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
