import { createInterface } from 'node:readline'
import { startCentral } from '#src/central/start-central.ts'

// Process entry for tests: prints its port and token, then a code for each line it reads, and ends with its input.
const [dataFolder = '', databaseUrl = '', port = '0'] = process.argv.slice(2)
const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)
const complain = (fields: Readonly<Record<string, unknown>>, message: string): void => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`)
const central = await startCentral({
  port: Number(port), host: '127.0.0.1', managementPort: 0, version: 'test', databaseUrl: databaseUrl === '' ? null : databaseUrl, dataFolder,
  log: { info: () => {}, warn: () => {}, error: complain },
})
say({ port: central.port, adminToken: central.adminToken })
for await (const line of createInterface({ input: process.stdin })) say({ code: await central.makeEnrolCode(line === '' ? undefined : line) })
await central.close()
