import { capture, replace, type Value } from 'winnow'

/** The text under a key in the first object of a JSON list that has it: lists are parts as they are written. */
export const inFirst = (list: Value, key: string): Value =>
  capture(list, `"${key}" ?: ?"((?:[^"\\\\]|\\\\.)*)"`)

/** `["a","b"]` as `a, b`. */
export const listed = (list: Value): Value => {
  const marks = ['"', '[', ']', '\\n', '  ']
  const bare = marks.reduce((text, mark) => replace(text, mark, ''), replace(list, '","', ', '))
  // What is written over several lines has entries that are a line's end.
  return capture(bare, '^(.*?)[, ]*$')
}
