import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type Console,
  openConsole,
  placeOf,
  settled,
  swipe,
  violations,
  violationsByLook,
  whyNot,
} from './browser.ts'

const pages = {
  Today: '/today',
  Incidents: '/incidents',
  'an incident': '/incidents/i-40',
  Explore: '/explore',
  Entities: '/entities',
  'an entity': '/entities/address/203.0.113.77',
  Detectors: '/detectors',
  'a detector': '/detectors/web-client-behaviour',
  Sources: '/sources?source=app',
  'the account': '/settings?tab=account',
  'budget and data': '/settings?tab=data',
  verdicts: '/settings?tab=verdicts',
  users: '/settings?tab=users',
  keys: '/settings?tab=keys',
  notifications: '/settings?tab=notifications',
  'the audit log': '/settings?tab=audit',
} as const

/** Between the ends of the range in an address of Explore. */
const hoursOf = (address: string): number => {
  const asked = new URL(address).searchParams
  return (Date.parse(asked.get('to') ?? '') - Date.parse(asked.get('from') ?? '')) / 3_600_000
}

if (whyNot !== null) process.stderr.write(`the console's browser tests are skipped: ${whyNot}\n`)

describe.skipIf(whyNot !== null)('the console in a browser', () => {
  let console: Console

  beforeAll(async () => {
    console = await openConsole()
  }, 120_000)
  afterAll(() => console.close())
  afterEach(() => {
    // Errors, broken policies and requests to elsewhere fail whichever test they happen in.
    const problems = console.problems.splice(0)
    if (problems.length > 0) throw new Error(problems.join('\n'))
  })

  it.each(Object.entries(pages))(
    'breaks no rule of accessibility, and fits a phone: %s',
    async (_, address) => {
      const page = await console.open(address)
      await settled(page)
      expect(await violationsByLook(page)).toEqual({ light: [], dark: [], phone: [] })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
      await page.close()
    },
  )

  it('shows script in logs, notes, titles and payloads as text, and nothing of it acts', async () => {
    for (const address of [
      '/today',
      '/incidents?q=onerror',
      '/incidents/i-40',
      '/explore?q=onerror',
      '/entities/resource/%3Cimg%20src%3Dx%20onerror%3D%22window.acted%3Dtrue%22%3E',
      '/detectors/web-client-behaviour',
      '/sources?source=app',
      '/settings?tab=audit',
    ]) {
      const page = await console.open(address)
      await settled(page)
      expect(await page.evaluate('window.acted')).toBeUndefined()
      expect(await page.locator('img').count()).toBe(0)
      await page.close()
    }
    const page = await console.open('/incidents/i-40')
    await settled(page)
    expect(await page.locator('h1').textContent()).toContain('<script>window.acted=true</script>')
    // What turns text around or colours a terminal is spelled out.
    expect(await page.locator('body').textContent()).toContain(String.raw`\u{202e}`)
    await page.close()
  })

  it('draws every kind of detail that a finding can have', async () => {
    const drawn = {
      'i-41': ['Path', 'Who touched what'],
      'i-40': ['Payloads'],
      'i-39': ['Rhythm'],
      'i-38': ['Queries'],
      'i-37': ['Targets', 'Blind meanwhile'],
    }
    for (const [id, details] of Object.entries(drawn)) {
      const page = await console.open(`/incidents/${id}`)
      await settled(page)
      const unfold = page.getByRole('button', { name: 'Unfold all' })
      if ((await unfold.count()) > 0) await unfold.click()
      for (const name of ['Why it stands out', 'Evidence', ...details])
        await page.getByRole('heading', { level: 4, name }).first().waitFor()
      expect(await violations(page)).toEqual([])
      await page.close()
    }
  })

  it('signs in, and leads to where one wanted to go', async () => {
    const page = await console.open('/today')
    await settled(page)
    await page.getByRole('button', { name: 'Account of Ada Example' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Winnow' }).waitFor()
    await page.goto(`${console.url}/incidents/i-41`)
    await page.getByLabel('E-mail').fill('ada@example.com')
    await page.getByLabel('Password', { exact: false }).first().fill('wrong')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('The e-mail or the password is wrong.').waitFor()
    await page.getByLabel('Password', { exact: false }).first().fill('correct horse battery')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL('**/incidents/i-41')
    await settled(page)
    expect(await page.locator('h1').textContent()).toContain('203.0.113.77')
    await page.close()
  })

  it('takes the token of the first start out of the address, where no server sees it', async () => {
    const page = await console.open('/setup#token-of-the-first-start', { state: 'setup' })
    await page.getByLabel('Your name').fill('Ada')
    await page.getByLabel('E-mail').fill('ada@example.com')
    await page.getByLabel('Password').first().fill('a few words to remember')
    const [request] = await Promise.all([
      page.waitForRequest('**/api/setup'),
      page.getByRole('button', { name: 'Create the account' }).click(),
    ])
    expect(request.postDataJSON()).toMatchObject({ token: 'token-of-the-first-start', name: 'Ada' })
    expect(request.headers()['x-winnow']).toBe('1')
    await page.close()
  })

  it('works through the queue by keyboard', async () => {
    const page = await console.open('/incidents')
    await settled(page)
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await page.locator('.queue > li.here').textContent()).toContain('#40')
    await page.keyboard.press('x')
    await page.getByRole('region', { name: 'Selected incidents' }).waitFor()
    await page.keyboard.press('c')
    await page.getByRole('dialog').getByLabel('Expected').check()
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByText('1 incident closed: expected').waitFor()
    expect(console.fixture.incidents.find(({ number }) => number === 40)).toMatchObject({
      state: 'closed',
      reason: 'expected',
    })
    await page.goto(`${console.url}/incidents?state=all`)
    await settled(page)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/incidents/i-41')
    await page.close()
  })

  it('keeps its filters in the address', async () => {
    const page = await console.open('/incidents?state=all&severity=critical,low')
    await settled(page)
    expect(await page.locator('.queue > li').count()).toBe(2)
    await page.getByLabel('Words of the title').fill('addresses')
    await page.waitForURL(/q=addresses/)
    await page.getByText('198.51.100.201 tried 240 addresses').waitFor()
    expect(await page.locator('.queue > li').count()).toBe(1)
    await page.reload()
    await settled(page)
    expect(await page.getByLabel('Words of the title').inputValue()).toBe('addresses')
    await page.close()
  })

  it('hears of new risks in place, and counts new incidents without moving the list', async () => {
    const page = await console.open('/incidents')
    await settled(page)
    await page.getByText('Live', { exact: true }).waitFor()
    const known = console.fixture.incidents.find(({ number }) => number === 39)
    if (known === undefined) throw new Error('the stand-in has no incident 39')
    const titles = await page.locator('.queue .title').allTextContents()
    console.fixture.publish({ kind: 'incident', incident: { ...known, risk: 99 } })
    await page.locator('.queue > li', { hasText: '#39' }).getByText('99').waitFor()
    expect(await page.locator('.queue .title').allTextContents()).toEqual(titles)
    console.fixture.publish({ kind: 'incident', incident: { ...known, id: 'i-42', number: 42 } })
    await page.getByRole('button', { name: '1 new incident: show' }).waitFor()
    expect(await page.locator('.queue .title').allTextContents()).toEqual(titles)
    await page.close()
  })

  it('acknowledges, notes, and warns before a verdict hides a confirmed threat', async () => {
    const page = await console.open('/incidents/i-41')
    await settled(page)
    await page.keyboard.press('a')
    await page.locator('header .chip', { hasText: 'Acknowledged' }).waitFor()
    await page.getByRole('textbox', { name: 'Note' }).fill('<b>The owner</b> says it was not him')
    await page.getByRole('button', { name: 'Add the note' }).click()
    await page.locator('.note', { hasText: '<b>The owner</b>' }).waitFor()
    await page.getByRole('button', { name: 'Verdict…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('In the last 30 days it would have hidden 2 findings').waitFor()
    await dialog.getByLabel('Found by').selectOption('')
    await dialog.getByText('It would hide 1 confirmed threat').waitFor()
    const give = dialog.getByRole('button', { name: 'Give the verdict' })
    expect(await give.isDisabled()).toBe(true)
    expect(await violations(page)).toEqual([])
    await dialog.getByLabel('I looked at them').check()
    const [request] = await Promise.all([page.waitForRequest('**/api/verdicts'), give.click()])
    expect(request.postDataJSON()).toMatchObject({
      verdict: 'expected',
      scope: { entity: { kind: 'source_ip', value: '203.0.113.77' } },
      incident: 'i-41',
    })
    await page.close()
  })

  it('searches, completes, narrows by a click, and leads from a value to its entity', async () => {
    const page = await console.open('/explore')
    await settled(page)
    const query = page.getByRole('combobox', { name: 'Query' })
    await query.pressSequentially('user_n')
    await page.getByRole('option', { name: /user_name/ }).waitFor()
    await query.press('ArrowDown')
    await query.press('Enter')
    expect(await query.inputValue()).toBe('user_name:')
    await page.getByRole('option', { name: /bob/ }).click()
    await query.press('Enter')
    await page.waitForURL(/q=user_name%3Abob/)
    await page.getByText(/^117 shown/).waitFor()
    await page.getByRole('button', { name: /^event_outcome/ }).click()
    await page.getByRole('button', { name: 'Without event_outcome failure' }).click()
    await page.waitForURL(/NOT\+event_outcome%3Afailure/)
    await page.getByText(/^23 shown|^24 shown/).waitFor()
    await page.locator('.event-line').first().click()
    expect(await violations(page)).toEqual([])
    await page.locator('.event-detail').getByRole('link', { name: 'bob' }).click()
    await page.waitForURL('**/entities/user/bob')
    await page.close()
  })

  it('looks into a stretch of time that is drawn over the histogram', async () => {
    const page = await console.open('/explore?from=24h')
    await settled(page)
    const box = await placeOf(page, '.brushed canvas')
    await page.mouse.move(box.x + box.width * 0.5, box.y + 30)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + 30, { steps: 4 })
    await page.mouse.up()
    await page.waitForURL(/from=\d{4}-.*&to=\d{4}-/)
    expect(hoursOf(page.url())).toBeGreaterThan(2)
    expect(hoursOf(page.url())).toBeLessThan(3.5)
    await page.close()
  })

  it('looks into a stretch that a finger draws sideways, and scrolls where it moves up', async () => {
    const page = await console.open('/explore?from=24h', { width: 390, touch: true })
    await settled(page)
    const box = await placeOf(page, '.brushed canvas')
    const start = { x: box.x + box.width * 0.5, y: box.y + 60 }
    await page.touchscreen.tap(start.x, start.y)
    await swipe(page, start, { x: start.x, y: start.y - 50 })
    await page.waitForFunction('scrollY > 20')
    expect(new URL(page.url()).searchParams.get('from')).toBe('24h')
    await page.evaluate('scrollTo(0, 0)')
    await swipe(page, start, { x: start.x + box.width * 0.25, y: start.y + 4 })
    await page.waitForURL(/from=\d{4}-.*&to=\d{4}-/)
    expect(hoursOf(page.url())).toBeGreaterThan(5)
    expect(hoursOf(page.url())).toBeLessThan(7.5)
    expect(await page.evaluate('scrollY')).toBe(0)
    await page.close()
  })

  it('says where a query stops being one', async () => {
    const page = await console.open('/explore')
    await settled(page)
    await page.getByRole('combobox', { name: 'Query' }).fill('user_name:bob AND')
    await page.getByText('At character 17: expected a condition here').waitFor()
    expect(await page.locator('.query-error mark').textContent()).toBe('D')
    await page.close()
  })

  it('shows events as they arrive, and holds still when asked to', async () => {
    const page = await console.open('/explore?live=1')
    await page.locator('.event-line').nth(3).waitFor()
    await page.getByRole('button', { name: 'Hold' }).click()
    const held = await page.locator('.event-line').first().textContent()
    await page.waitForTimeout(700)
    expect(await page.locator('.event-line').first().textContent()).toBe(held)
    await page.close()
  })

  it('previews what a stricter line would miss', async () => {
    const page = await console.open('/detectors/web-client-behaviour')
    await settled(page)
    await page.getByRole('slider').focus()
    for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowRight')
    await page.getByText('It would have missed 1 confirmed threat').waitFor()
    await page.getByRole('button', { name: 'Move the line' }).click()
    await page.getByText('The line is moved').waitFor()
    expect(await page.getByRole('slider').getAttribute('aria-valuenow')).toBe('1.5')
    await page.close()
  })

  it('explains why a line was rejected', async () => {
    const page = await console.open('/sources?source=app')
    await page.getByRole('button', { name: 'Why was this line rejected?' }).first().click()
    await page.getByText('No parser understands it.').waitFor()
    await page.getByText('Key and value pairs').waitFor()
    expect(await page.evaluate('window.acted')).toBeUndefined()
    await page.close()
  })

  it('shows a new key once', async () => {
    const page = await console.open('/settings?tab=keys')
    await page.getByRole('button', { name: 'Make a key' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('vector')
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByText('winnow_77aa0000000000000000000000000000').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('rowheader', { name: /vector/ }).waitFor()
    expect(await page.getByText('winnow_77aa0000000000000000000000000000').count()).toBe(0)
    await page.close()
  })

  it('finds by Ctrl+K, and goes there', async () => {
    const page = await console.open('/today')
    await settled(page)
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder(/^Find a page/).fill('bob')
    await page.getByText('Failed logins of bob').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByPlaceholder(/^Find a page/).fill('brute')
    await page.getByText('Guessing passwords').click()
    await page.waitForURL('**/detectors/login-brute-force')
    await page.close()
  })

  it('says in every place that nothing is there', async () => {
    const said = {
      '/today': 'No logs have arrived yet.',
      '/incidents': 'No open incidents',
      '/explore': 'No event fits',
      '/entities': 'No address in the logs yet',
      '/sources': 'No source has sent anything yet',
    }
    for (const [address, words] of Object.entries(said)) {
      const page = await console.open(address, { state: 'empty' })
      await page.getByText(words).waitFor()
      expect(await violations(page)).toEqual([])
      await page.close()
    }
  })

  it('says that it failed and tries again, or that it is not allowed', async () => {
    for (const address of [
      '/today',
      '/incidents',
      '/incidents/i-41',
      '/entities',
      '/detectors',
      '/sources',
    ]) {
      const failed = await console.open(address, { state: 'error' })
      await failed.getByRole('button', { name: 'Try again' }).first().waitFor()
      expect(await violations(failed)).toEqual([])
      await failed.close()
      const denied = await console.open(address, { state: 'denied' })
      await denied.getByText('Your role does not show this').first().waitFor()
      await denied.close()
    }
  })

  it('lets viewers look and not change', async () => {
    const page = await console.open('/incidents/i-41', { state: 'viewer' })
    await settled(page)
    await page.getByText('Your role may look, not change').waitFor()
    expect(await page.getByRole('button', { name: 'Close…' }).count()).toBe(0)
    await page.keyboard.press('c')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.close()
  })

  it('shows times in the viewer’s zone, and in UTC when asked to', async () => {
    const page = await console.open('/incidents/i-41')
    await settled(page)
    const time = page.locator('.lane-text time').first()
    const local = await time.textContent()
    expect(await time.getAttribute('title')).toContain('UTC')
    await page.getByRole('button', { name: 'Times in Europe/Berlin' }).click()
    await page.getByRole('button', { name: 'Times in UTC' }).waitFor()
    expect(await time.textContent()).not.toBe(local)
    await page.close()
  })
})
