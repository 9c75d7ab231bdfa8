import { isIP } from 'node:net'
import { join } from 'node:path'
import { isLoopback } from '#engine/sync/central-address.ts'
import { makeEnrolCode, startCentral } from '#src/central/start-central.ts'
import { processLog } from '#src/server/log.ts'
import { productFolder } from '#src/server/product-folder.ts'
import { UsageError, type Call, type Command, type OptionSpec } from '../command.ts'

const PORT = 7119

const DATABASE: OptionSpec = { type: 'string', placeholder: 'URL', about: 'postgres://…; else DATABASE_URL, else SQLite in the data folder' }

export const central: Command = {
  name: 'central', about: 'Run the central that sites push to', positionals: '', fewest: 0, most: 0,
  options: {
    'port': { type: 'string', placeholder: 'P', about: `else ${PORT}; 0 takes a free one` },
    'host': { type: 'string', placeholder: 'ADDRESS', about: 'else 127.0.0.1' },
    'management-port': { type: 'string', placeholder: 'P', about: 'health and metrics; else 7120, or a free one where that is taken' },
    'public-url': { type: 'string', placeholder: 'URL', about: 'https:// address under which sites reach it, through a proxy that ends TLS' },
    'allow-plain-http': { type: 'boolean', about: 'take events from other machines without TLS: only on a network that is protected' },
    'database-url': DATABASE,
  },
  run: async call => {
    const { host, publicUrl, allowPlainHttp } = address(call)
    const log = centralLog(call, 'info')
    const stopped = new Promise<string>(stop => { process.once('SIGTERM', () => stop('SIGTERM')).once('SIGINT', () => stop('SIGINT')) })
    const port = call.arguments.integer('port', 0, 65_535) ?? PORT
    const managementPort = call.arguments.integer('management-port', 0, 65_535) ?? (port === 0 ? 0 : null)
    const running = await startCentral({
      port, host, managementPort, allowPlainHttp, behindProxy: publicUrl !== null, version: productFolder().version, log, ...storage(call),
    })
    const { dataFolder } = storage(call)
    const value = {
      url: publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${running.port}`, port: running.port, managementUrl: `http://127.0.0.1:${running.managementPort}`,
      fingerprint: running.fingerprint, dataFolder,
    }
    process.stdout.write(call.json ? `${JSON.stringify(value)}\n` : [
      `Central is at ${value.url}`, `Fingerprint of its key: ${value.fingerprint}`,
      `Health and metrics: ${value.managementUrl}`,
      `Its admin token is in ${join(dataFolder, 'admin-token')}; a one-time code for a site: keelson central code`, '',
    ].join('\n'))
    log.info({ signal: await stopped }, 'stopping')
    await running.close()
    log.flush()
    return { value, text: '', printed: true }
  },
}

export const centralCode: Command = {
  name: 'central code', about: 'Make a one-time code with which a site enrols', positionals: '', fewest: 0, most: 0,
  options: { 'database-url': DATABASE, 'site': { type: 'string', placeholder: 'SITE', about: 'only for that site, which may replace its key with it' } },
  run: async call => {
    const code = await makeEnrolCode({ log: centralLog(call, 'warn'), ...storage(call) }, call.arguments.text('site'))
    return { value: { code }, text: code }
  },
}

function address(call: Call): { host: string; publicUrl: string | null; allowPlainHttp: boolean } {
  const host = call.arguments.text('host') ?? '127.0.0.1'
  const publicUrl = call.arguments.text('public-url') ?? null
  const allowPlainHttp = call.arguments.flag('allow-plain-http')
  if (isIP(host) === 0) throw new UsageError('--host must be an IP address.')
  if (publicUrl !== null && !(URL.canParse(publicUrl) && new URL(publicUrl).protocol === 'https:')) throw new UsageError('--public-url must be a URL such as https://central.example.')
  if (!isLoopback(host) && publicUrl === null && !allowPlainHttp) {
    throw new UsageError('Other machines would send to this address without TLS. Name the https:// address of a proxy in front with --public-url, or say --allow-plain-http on a network that is protected.')
  }
  return { host, publicUrl, allowPlainHttp }
}

function storage(call: Call): { dataFolder: string; databaseUrl: string | null } {
  const databaseUrl = call.arguments.text('database-url') ?? process.env['DATABASE_URL'] ?? ''
  if (databaseUrl !== '' && !/^postgres(?:ql)?:\/\//.test(databaseUrl)) throw new UsageError('The database must be named as postgres://USER:PASSWORD@HOST:PORT/DATABASE.')
  const own = call.arguments.text('data') === undefined
  return { dataFolder: own ? `${call.dataFolder}-central` : call.dataFolder, databaseUrl: databaseUrl === '' ? null : databaseUrl }
}

function centralLog(call: Call, level: 'info' | 'warn') {
  return processLog({ level: call.arguments.text('log-level') === undefined ? level : call.logLevel, file: call.logFile, version: productFolder().version })
}
