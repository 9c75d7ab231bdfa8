import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { MEDIA_NOW, samplePack, TestMedia, trustIn } from '#engine/testing/signed-media.ts'

const child = `
import dgram from 'node:dgram'
import dns from 'node:dns'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'
const deny = name => () => { throw new Error(name + ' is denied') }
for (const [module, names] of [[net, ['connect', 'createConnection', 'createServer']], [tls, ['connect', 'createServer']], [http, ['request', 'get', 'createServer']],
  [https, ['request', 'get', 'createServer']], [http2, ['connect', 'createServer']], [dns, ['lookup', 'resolve']], [dgram, ['createSocket']]]) {
  for (const name of names) module[name] = deny(name)
}
for (const name of ['connect', 'listen']) net.Server.prototype[name] = deny(name)
net.Socket.prototype.connect = deny('connect')
for (const name of ['lookup', 'resolve']) dns.promises[name] = deny(name)
globalThis.fetch = deny('fetch')
syncBuiltinESMExports()
const { folderSource, openMedia, readTarget } = await import(process.argv[1])
const source = folderSource(process.argv[2])
const opened = await openMedia(source, JSON.parse(process.argv[3]), { clock: { now: () => ${MEDIA_NOW} } })
const read = opened.ok ? await readTarget(source, opened.value.media.targets[0]) : opened
console.log(read.ok ? read.value.pack.manifest.id : read.refusal.code)
try { net.connect(9) } catch (error) { console.log(error.message) }
`

it('media is verified where every socket is denied', async () => {
  const media = await TestMedia.make({ packs: [samplePack()] })
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', child, new URL('index.ts', import.meta.url).href, media.folder, JSON.stringify(trustIn(media))], { encoding: 'utf8' })
  expect(out).toBe('loyalty\nconnect is denied\n')
})
