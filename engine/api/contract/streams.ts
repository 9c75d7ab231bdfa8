import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { install } from './pack-shapes.ts'
import { changeNotice, job } from './shapes.ts'

/** Streams; over HTTP they are server-sent events. */
export const streams = {
  'changes': oc.route({ method: 'POST', path: '/streams/changes', summary: 'Coalesced notices of change', tags: ['streams'] })
    .input(z.object({ tenant: z.string() })).output(eventIterator(changeNotice)),
  'job': oc.route({ method: 'POST', path: '/streams/job', summary: 'Progress of a job, ending with its result', tags: ['streams'] })
    .input(z.object({ tenant: z.string(), jobId: z.string() })).output(eventIterator(job)),
  'install': oc.route({ method: 'POST', path: '/streams/install', summary: 'Progress of an install, ending with its result', tags: ['streams'] })
    .input(z.object({ install: z.string() })).output(eventIterator(install)),
} as const
