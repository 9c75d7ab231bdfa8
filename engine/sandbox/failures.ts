import type { StepFailure } from '#engine/core/decisions/decision.ts'
import type { HostUse } from './protocol.ts'

type Named = Pick<HostUse, 'pack' | 'contract'> & { readonly version?: string }

/** Every way in which a pack can fail to answer: the code, what happened, and what to do about it. */
export const failures = {
  threw: (use: Named, said: string): StepFailure => failure(use, 'KS-PACK-THREW',
    `${use.pack} stopped with an error: ${said}`,
    'Mend the pack or its settings, then replay.'),
  load: (use: Named, said: string): StepFailure => failure(use, 'KS-PACK-LOAD',
    `${use.pack} could not be loaded: ${said}`,
    'Install a version of the pack that loads, then replay.'),
  answer: (use: Named, said: string): StepFailure => failure(use, 'KS-PACK-ANSWER',
    `The answer of ${use.pack} breaks its contract: ${said}`,
    'Mend the pack, then replay.'),
  timeout: (use: Named, limitMs: number, retryMs: number): StepFailure => failure(use, 'KS-PACK-TIMEOUT',
    `${use.pack} gave no answer within ${limitMs} ms, nor alone within ${retryMs} ms.`,
    'Mend the pack so that it always ends, then replay.'),
  memory: (use: Named, heapMb: number): StepFailure => failure(use, 'KS-PACK-MEMORY',
    `${use.pack} used more than its ${heapMb} MB of memory.`,
    'Mend the pack so that it needs less memory, then replay.'),
  crash: (use: Named): StepFailure => failure(use, 'KS-PACK-CRASH',
    `${use.pack} brought its process down, each time it was asked about this alone.`,
    'Replace the pack, then replay.'),
  nondeterministic: (use: Named): StepFailure => failure(use, 'KS-PACK-NONDETERMINISTIC',
    `${use.pack} answered the same question differently the second time.`,
    'Replace the pack by one whose answers depend on nothing but the question, then replay.'),
  quarantined: (use: Named): StepFailure => failure(use, 'KS-PACK-QUARANTINED',
    `${use.pack} is in quarantine: it answered the same question differently the second time.`,
    'Replace the pack by one whose answers depend on nothing but the question, then replay.'),
  disabled: (use: Named): StepFailure => failure(use, 'KS-PACK-DISABLED',
    `${use.pack} was switched off: too much of what it was asked about ended its worker.`,
    'Replace the pack or change its settings, then replay.'),
  missing: (use: Named, why: string): StepFailure => failure(use, 'KS-PACK-MISSING',
    `${use.pack} could not be opened: ${why}`,
    'Install the pack again, then replay.'),
  host: (use: Named, why: string): StepFailure => failure(use, 'KS-PACK-HOST',
    `The pack host could not ask ${use.pack}: ${why}`,
    'Replay. If it happens again, report it with this text.'),
}

function failure({ pack, version, contract }: Named, code: StepFailure['code'], message: string, remedy: string): StepFailure {
  return { pack, ...(version === undefined || version === '' ? {} : { version }), contract, code, message, remedy }
}
