/** Bytes as senders write them. */

const varint = (value: number): Buffer => {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, rest])
}

/** A protobuf field that holds a text or a message. */
export const framed = (field: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes])

/** Snappy without any copies: texts of up to 65,536 bytes. */
export const snap = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [varint(bytes.length)]
  for (let from = 0; from < bytes.length; from += 65_536) {
    const text = bytes.subarray(from, from + 65_536)
    const size = text.length - 1
    parts.push(Buffer.from([61 << 2, size & 255, size >> 8]), text)
  }
  return Buffer.concat(parts)
}

/** A Snappy block out of its elements, said to be `length` long. */
export const snappyBlock = (length: number, ...elements: readonly (readonly number[])[]): Buffer =>
  Buffer.concat([varint(length), Buffer.from(elements.flat())])
