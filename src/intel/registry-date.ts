/**
 * Dates as registries write them.
 *
 * @module
 */

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * `YYYY-MM-DD`; empty for what is no date. Day before month where both are numbers: no registry that writes figures alone
 * writes them the American way.
 */
export const dateOf = (text: string): string => {
  const inOrder = /^(\d{4})[-/. ]?(\d{2})[-/. ]?(\d{2})(?!\d)/.exec(text)
  const turned = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?!\d)/.exec(text)
  const named = /^(\d{1,2})[-/. ]([a-z]{3})[a-z]*[-/. ](\d{4})(?!\d)/i.exec(text)
  const spoken = /^(?:[a-z]{3} )?([a-z]{3})[a-z]* (\d{1,2})(?:,| .*) ?(\d{4})$/i.exec(text)
  const month = (name = ''): number => months.indexOf(name.toLowerCase()) + 1
  const [y, m, d] =
    inOrder !== null
      ? [Number(inOrder[1]), Number(inOrder[2]), Number(inOrder[3])]
      : turned !== null
        ? [Number(turned[3]), Number(turned[2]), Number(turned[1])]
        : named !== null
          ? [Number(named[3]), month(named[2]), Number(named[1])]
          : spoken !== null
            ? [Number(spoken[3]), month(spoken[1]), Number(spoken[2])]
            : [0, 0, 0]
  if (y < 1970 || y > 2200) return ''
  const time = Date.UTC(y, m - 1, d)
  const iso = new Date(time).toISOString().slice(0, 10)
  // 31 February is no date.
  return iso === [y, String(m).padStart(2, '0'), String(d).padStart(2, '0')].join('-') ? iso : ''
}
