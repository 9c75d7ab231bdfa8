import { parentPort, workerData } from 'node:worker_threads'
import { systemClock, ulids } from './system-ports.ts'
import { WriterLoop } from './writer-loop.ts'
import type { ToWriter } from './writer-protocol.ts'

/** Entry of the writer thread. */
const port = parentPort
if (port === null) throw new Error('the writer runs as a worker thread')
const { dataFolder, sqliteBinary } = workerData as { dataFolder: string; sqliteBinary: string | undefined }

const loop = new WriterLoop(
  { dataFolder, sqliteBinary, clock: systemClock, ids: ulids() },
  message => port.postMessage(message),
  work => setImmediate(work),
)
port.on('message', (message: ToWriter) => loop.take(message))
