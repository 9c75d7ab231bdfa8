import { profileText } from '#test/support/profile-text.ts'
import { builtEngine } from '#test/support/built-engine.ts'

/**
 * An engine in a process of its own, to be killed while a profile is published: at once from a draft, for a moment later, as a rollback. Arguments:
 * data folder, first number. Tells the number of each version that was acknowledged, and that counted where it waited.
 */
const [dataFolder = '', first = '0'] = process.argv.slice(2)
const tenant = 'north'
const { client } = await builtEngine(dataFolder)
const by = (what: string, n: number) => ({ invocation: { id: `${what}-${n}`, reason: String(n) } })

for (let n = Number(first); ; n++) {
  await settled()
  if (n % 3 === 2) await client.commands['roll-back-profile']({ tenant, version: 1, ...by('back', n) })
  else {
    const { draftId } = await client.commands['begin-profile-draft']({ tenant, document: profileText(tenant, '{ pack: flat-discount, version: ^1.0.0, config: { percent: \'1\' } }', `# ${n}\n`), ...by('begin', n) })
    await client.commands['publish-profile']({ tenant, draft: { id: draftId, revision: 1 }, ...(n % 3 === 1 ? { effectiveAt: new Date(Date.now() + 400).toISOString() } : {}), ...by('publish', n) })
  }
  await settled()
  process.send?.(n)
}

/** Whatever waited for its time has become active. */
async function settled(): Promise<void> {
  while ((await client.queries['profile-versions']({ tenant, limit: 1 })).scheduled !== null) await new Promise(resolve => setTimeout(resolve, 5))
}
