/**
 * The tags of a page without their texts: enough of an HTML reader to notice when a text became markup.
 *
 * @module
 */

export interface Tag {
  readonly name: string
  readonly closing: boolean
  readonly selfClosing: boolean
  readonly attributes: ReadonlyMap<string, string>
}

/** Every tag in order. Style and script are skipped: their text isn't markup. Throws at a `<` that begins no tag. */
export function tagsOf(page: string): readonly Tag[] {
  const text = page.replace(/^<!doctype html>/, '').replace(/<(style|script)>[\s\S]*?<\/\1>/g, '<$1></$1>')
  const tags: Tag[] = []
  const pattern = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/y
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', pattern.lastIndex)) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) throw new Error(`no tag at: ${text.slice(at, at + 80)}`)
    const [, slash, name = '', attributes = '', end] = match
    tags.push({
      name,
      closing: slash === '/',
      selfClosing: end === '/',
      attributes: new Map(
        Array.from(attributes.matchAll(/([\w:-]+)(?:="([^"]*)")?/g), ([, key = '', value = '']) => [
          key,
          value,
        ]),
      ),
    })
  }
  return tags
}

/** Tags with the names of their attributes, one a line: the shape of a page, whatever its texts. */
export function skeletonOf(page: string): string {
  return tagsOf(page)
    .map(
      ({ name, closing, attributes }) => `${closing ? '/' : ''}${name} ${[...attributes.keys()].join(' ')}`,
    )
    .join('\n')
}
