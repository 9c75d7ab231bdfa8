import { createWorker } from '#engine/sandbox/worker.ts'

export default createWorker()
