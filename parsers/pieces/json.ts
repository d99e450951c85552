import { capture, type Value } from 'winnow'

/** The text under a key in the first object of a JSON list that has it: lists are parts as they are written. */
export const inFirst = (list: Value, key: string): Value =>
  capture(list, `"${key}" ?: ?"((?:[^"\\\\]|\\\\.)*)"`)
