/**
 * A column as one buffer instead of a thousand values: it crosses threads and reaches the database without being taken
 * apart. Value i lies from `starts[i]` up to `gap` bytes before `starts[i + 1]`.
 */
export interface PackedValues {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly gap: 0 | 1
}

/** Texts without line feeds. */
export function packTexts(texts: readonly string[]): PackedValues {
  const bytes = Buffer.from(texts.join('\n'), 'utf8')
  return { bytes, starts: lineStarts(bytes, 0), gap: 1 }
}

/** Where each line from the byte `from` on begins, and one past the line feed that the last one might have. */
export function lineStarts(bytes: Buffer, from: number): Uint32Array {
  const starts = [from]
  for (let at = bytes.indexOf(10, from); at !== -1; at = bytes.indexOf(10, at + 1)) starts.push(at + 1)
  starts.push(bytes.length + 1)
  return Uint32Array.from(starts)
}

/** The values from `index` on. */
export function packedFrom(values: PackedValues, index: number): PackedValues {
  return { ...values, starts: values.starts.subarray(index) }
}

export function valueAt({ bytes, starts, gap }: PackedValues, index: number): Uint8Array {
  return bytes.subarray(starts[index], (starts[index + 1] ?? 0) - gap)
}

const ARRAY_HEADER_BYTES = 20

/**
 * The column in the binary form of a one-dimensional PostgreSQL array, for a parameter such as `$1::text[]`. As text each
 * value would be quoted here and taken apart there.
 */
export function postgresArray(elementType: number, values: PackedValues): Buffer {
  const { bytes, starts, gap } = values
  const count = starts.length - 1
  const array = Buffer.allocUnsafe(ARRAY_HEADER_BYTES + 4 * count + (starts[count] ?? 0) - (starts[0] ?? 0) - gap * count)
  let at = 0
  // One dimension, no nulls, the type, how many, counted from 1.
  for (const field of [1, 0, elementType, count, 1]) at = array.writeInt32BE(field, at)
  for (let index = 0; index < count; index += 1) {
    const [from, to] = [starts[index] ?? 0, (starts[index + 1] ?? 0) - gap]
    at = array.writeInt32BE(to - from, at)
    array.set(bytes.subarray(from, to), at)
    at += to - from
  }
  return array
}
