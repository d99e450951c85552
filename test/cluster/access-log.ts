/** A repeatable number between 0 and 1. Park and Miller's generator, CACM 31 (1988). */
const randomFrom = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (n: number): string => String(n).padStart(2, '0')

const written = (atMs: number): string => {
  const at = new Date(atMs)
  const day = `${two(at.getUTCDate())}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}`
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`
}

const startMs = Date.UTC(2026, 9, 10, 8)

/** Six hours of a small web site: sixty visitors, and one that looks for what is not linked, for ten minutes. */
export const accessLog = (visits = 20_000): string => {
  const random = randomFrom(11)
  const lines: { readonly atMs: number; readonly line: string }[] = []
  const add = (atMs: number, client: string, path: string, status: number, agent: string): void => {
    const bytes = 200 + Math.floor(random() * 5000)
    const line = `${client} - - [${written(atMs)}] "GET ${path} HTTP/1.1" ${status} ${bytes} "-" "${agent}"`
    lines.push({ atMs, line })
  }
  for (let i = 0; i < visits; i++) {
    const visitor = Math.floor(random() ** 2 * 60)
    const page = Math.floor(random() ** 3 * 40)
    const atMs = startMs + Math.floor(random() * 6 * 3600) * 1000
    add(
      atMs,
      `192.0.2.${visitor + 1}`,
      `/page/${page}`,
      random() < 0.02 ? 404 : 200,
      `Browser/${visitor % 5}.0`,
    )
  }
  for (let i = 0; i < 3000; i++) {
    const atMs = startMs + 3 * 3600_000 + Math.floor(random() * 600) * 1000
    add(atMs, '198.51.100.25', `/admin/${i}.php?id=${i}`, random() < 0.97 ? 404 : 200, 'scan/1.0')
  }
  lines.sort((a, b) => a.atMs - b.atMs)
  return `${lines.map(({ line }) => line).join('\n')}\nnot a request\n`
}
