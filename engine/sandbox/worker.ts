import './lock-down.ts'
import { Compartments } from './loaded-use.ts'
import { runBatch } from './run-batch.ts'
import type { WorkerReply, WorkerRequest } from './worker-task.ts'

/** What a piscina worker runs. Its realm is locked down before anything of a pack is near. */
export function createWorker(): (request: WorkerRequest) => WorkerReply {
  const compartments = new Compartments()
  // A pack's forgotten promise may fail after its answer is out; that is no reason to end the worker.
  process.on('unhandledRejection', () => undefined)
  return request => (request === 'are-you-there' ? 'here' : runBatch(request, compartments))
}
