import { join } from 'node:path'
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
    'database-url': DATABASE,
  },
  run: async call => {
    const host = call.arguments.text('host') ?? '127.0.0.1'
    const log = centralLog(call, 'info')
    const stopped = new Promise<string>(stop => { process.once('SIGTERM', () => stop('SIGTERM')).once('SIGINT', () => stop('SIGINT')) })
    const running = await startCentral({ port: call.arguments.integer('port', 0, 65_535) ?? PORT, host, log, ...storage(call) })
    const { dataFolder } = storage(call)
    const value = { url: `http://${host}:${running.port}`, port: running.port, fingerprint: running.fingerprint, dataFolder }
    process.stdout.write(call.json ? `${JSON.stringify(value)}\n` : [
      `Central is at ${value.url}`, `Fingerprint of its key: ${value.fingerprint}`,
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

function storage(call: Call): { dataFolder: string; databaseUrl: string | null } {
  const databaseUrl = call.arguments.text('database-url') ?? process.env['DATABASE_URL'] ?? ''
  if (databaseUrl !== '' && !/^postgres(?:ql)?:\/\//.test(databaseUrl)) throw new UsageError('The database must be named as postgres://USER:PASSWORD@HOST:PORT/DATABASE.')
  const own = call.arguments.text('data') === undefined
  return { dataFolder: own ? `${call.dataFolder}-central` : call.dataFolder, databaseUrl: databaseUrl === '' ? null : databaseUrl }
}

function centralLog(call: Call, level: 'info' | 'warn') {
  return processLog({ level: call.arguments.text('log-level') === undefined ? level : call.logLevel, file: call.logFile, version: productFolder().version })
}
