import { TENANT, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'

export const decisionReplay: Command = {
  name: 'decision replay', about: 'Execute the recorded decisions of an order again and compare', positionals: 'ORDER', fewest: 1, most: 1,
  options: { tenant: TENANT },
  run: async call => {
    const order = call.arguments.positional(0)
    const result = await withEngine(call, client => client.queries['replay-decision']({ tenant: call.arguments.required('tenant'), order }))
    if (result.equal) return { value: result, text: `The decisions of ${order}, executed again, come to the same.` }
    return {
      value: result, text: `The decisions of ${order} differ:\n${result.differences.map(difference => `  ${difference}`).join('\n')}`,
      failure: {
        code: 'KS-DECISION-DIFFERS', message: `The decisions of ${order}, executed again, do not come to what was recorded.`,
        remedy: 'The pack is not deterministic, or its bytes were changed: run keelson doctor, and report it to the pack\'s author.',
      },
    }
  },
}
