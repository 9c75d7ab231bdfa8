import { z } from 'zod'
import { setAttributesInput } from '#engine/core/orders/set-attributes-input.ts'
import { command, inTenant } from './command.ts'

/** What packs bring to do. */
export const moduleCommands = {
  'pack-command': command('pack-command', 'Give a command to a pack that the profile enables; what it came to is in its tables before the answer',
    inTenant.extend({
      pack: z.string().max(60), command: z.string().max(60), input: z.record(z.string(), z.unknown()),
      orgpath: z.string().max(500).optional().describe('Node of the organisation that it is given for; else the root'),
    }),
    z.object({
      events: z.array(z.object({ id: z.string(), type: z.string() })),
      position: z.number().nullable().describe('Of the last event in the log; null where nothing changed'),
    })),
  'forget-person': command('forget-person', "Destroy the key of a person's personal data for good: an account's, or those of a person that a pack keeps; takes a reason",
    inTenant.extend({ about: z.union([z.strictObject({ account: z.string().min(1).max(200) }), z.strictObject({ pack: z.string().max(60), id: z.string().min(1).max(200) })]) }),
    z.object({ changed: z.boolean().describe('False where they were forgotten before') })),
  'set-attributes': command('set-attributes', 'Set attributes that packs declare, on an account, an order or a line of it; an order is amended by that',
    inTenant.extend(setAttributesInput.shape), z.object({ changed: z.boolean(), revision: z.number().nullable() })),
} as const
