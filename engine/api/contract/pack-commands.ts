import { z } from 'zod'
import { command, inTenant, invocation } from './command.ts'
import * as shape from './pack-shapes.ts'

const onPack = inTenant.extend({ pack: z.string() })

export const packCommands = {
  'open-media': command('open-media', 'Verify media and list its packs; keeps what it says about trust and withdrawn packs',
    z.object({ folder: z.string().describe('Folder or drive on the site'), acceptExpired: shape.acceptExpired, invocation }), shape.media),
  'begin-media': command('begin-media', 'Start handing media in that lies on another machine than the site', z.object({ invocation }), z.object({ upload: z.string(), folder: z.string().describe('where it will lie on the site') })),
  'append-media': command('append-media', 'Hand in the next part of a file of media (base64, at most 1 MiB)',
    z.object({ upload: z.string().max(40), file: z.string().max(700), offset: z.number().int().nonnegative(), data: z.string().max(1_500_000), invocation }), z.object({ received: z.number() })),
  'trust-root': command('trust-root', 'Trust media after its fingerprint was compared, for the publishers named or those on it',
    z.object({ folder: z.string(), fingerprint: z.string().max(200), nameSpace: z.array(z.string()).max(50).optional(), invocation }),
    z.object({ fingerprint: z.string(), nameSpace: z.array(z.string()) })),
  'untrust-root': command('untrust-root', 'Trust added media no longer; what it brought stays', z.object({ repository: z.string(), invocation }), z.object({})),
  'start-install': command('start-install', 'Install packs from media: verified, checked against every profile, then all or nothing',
    z.object({
      folder: z.string(),
      packs: z.array(z.object({ pack: z.string(), version: z.string().optional() })).max(100).default([]).describe('None: the newest of each on the media'),
      tenants: z.array(z.string()).max(200).default([]).describe('Tenants whose profile takes the packs up at once'),
      acceptExpired: shape.acceptExpired,
      acceptDifferences: z.boolean().default(false).describe('Cases of profiles may come out differently; the reason says why'),
      invocation,
    }), z.object({ install: z.string() })),
  'cancel-install': command('cancel-install', 'End an install before it counts; nothing of it stays', z.object({ install: z.string(), invocation }), z.object({ state: shape.install.shape.state })),
  'enable-pack': command('enable-pack', 'Have a tenant run a pack, in a version; lets one that was disabled be asked again',
    onPack.extend({ version: z.string().optional(), config: z.record(z.string(), z.unknown()).optional() }), shape.changedPack),
  'disable-pack': command('disable-pack', 'Switch a pack off for a tenant; what needs it waits', onPack, shape.changedPack),
  'undo-pack': command('undo-pack', 'Go back to the version of a pack that a tenant ran before', onPack, shape.changedPack),
  'remove-pack': command('remove-pack', 'Take a pack out of a tenant, or off the site; exports its rows, drops all that it owns, keeps the record of what it did',
    z.object({ pack: z.string(), tenant: z.string().optional().describe('Only there; else everywhere, and off the site'), invocation }), shape.removedPack),
  'export-install-record': command('export-install-record', 'Write the signed record of an install, and a page to print, to a folder such as the stick',
    z.object({ install: z.string(), folder: z.string(), invocation }), z.object({ files: z.array(z.string()) })),
} as const
