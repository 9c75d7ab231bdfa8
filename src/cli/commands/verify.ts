import { TENANT, UsageError, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count } from '../output.ts'

export const verify: Command = {
  name: 'verify', about: 'Run the golden cases of every profile, those of the product and those of tenants', positionals: '', fewest: 0, most: 0,
  options: { tenant: { ...TENANT, about: 'only the profile of this tenant' }, all: { type: 'boolean', about: 'of every profile; so it is without --tenant' } },
  run: async call => {
    const tenant = call.arguments.text('tenant')
    if (tenant !== undefined && call.arguments.flag('all')) throw new UsageError('Say --tenant or --all, not both.')
    const found = await withEngine(call, client => (tenant === undefined ? client.queries['verify-profiles']({}) : client.queries['verify-profile']({ tenant })))
    const text = [
      `${count(found.profiles, 'profile', 'profiles')}, ${count(found.cases, 'case', 'cases')}: ${found.passed} passed, ${found.cases - found.passed} failed.`,
      ...found.failed.flatMap(each => [`${each.profile}${each.tenant === null ? '' : ` (tenant ${each.tenant})`}: ${each.case ?? 'cannot be composed'}`, ...each.differences.map(difference => `  ${difference}`)]),
    ].join('\n')
    if (found.failed.length === 0) return { value: found, text }
    return {
      value: found, text,
      failure: { code: 'KS-PROFILE-CASES-DIFFER', message: `${count(found.failed.length, 'case comes', 'cases come')} out differently.`, remedy: 'Look at the differences: mend the profile or its packs, or set the cases right.' },
    }
  },
}
