import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

export type Encoding = 'zstd' | 'gzip'

/** zstd is missing in older runtimes (Electron before Node 22.15): then gzip is all this process offers. */
export const ENCODINGS: readonly Encoding[] = typeof zlib.zstdCompress === 'function' ? ['zstd', 'gzip'] : ['gzip']

export function isEncoding(name: string): name is Encoding {
  return (ENCODINGS as readonly string[]).includes(name)
}

/** The best encoding that both sides have. Every central has gzip. */
export function chooseEncoding(offered: readonly string[]): Encoding {
  return ENCODINGS.find((encoding) => offered.includes(encoding)) ?? 'gzip'
}

const gzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip)

export function compress(bytes: Uint8Array, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return gzip(bytes, { level: 6 })
  return promisify<zlib.InputType, zlib.ZstdOptions, Buffer>(zlib.zstdCompress)(bytes, {
    params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 },
  })
}
