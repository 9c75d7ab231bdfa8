import type { Command } from '../command.ts'

/** Every command by name, loaded when it is called: most need an engine, and none needs all of it. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  'init': async () => (await import('./init.ts')).init,
  'tenants': async () => (await import('./tenants.ts')).tenants,
  'import': async () => (await import('./import.ts')).importFile,
  'orders': async () => (await import('./orders.ts')).orders,
  'order': async () => (await import('./orders.ts')).order,
  'try': async () => (await import('./try.ts')).tryFiles,
  'decision replay': async () => (await import('./decision.ts')).decisionReplay,
  'dead-letters': async () => (await import('./dead-letters.ts')).deadLetters,
  'dead-letters replay': async () => (await import('./dead-letters.ts')).replayDeadLetters,
  'log verify': async () => (await import('./log.ts')).logVerify,
  'log digest': async () => (await import('./log.ts')).logDigest,
  'profile check': async () => (await import('./profile.ts')).checkProfileFile,
  'profile publish': async () => (await import('./profile.ts')).publishProfile,
  'users': async () => (await import('./users.ts')).users,
  'users add': async () => (await import('./users.ts')).addUser,
  'serve': async () => (await import('./serve.ts')).serve,
  'central': async () => (await import('./central.ts')).central,
  'central code': async () => (await import('./central.ts')).centralCode,
  'enrol': async () => (await import('./sync.ts')).enrol,
  'doctor': async () => (await import('./doctor.ts')).doctor,
  'sync': async () => (await import('./sync.ts')).sync,
}
