import { stderr, stdout } from 'node:process'
import { run } from './run.ts'

// A reader that closes early (`keelson orders | head`) is no error.
stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error })

const code = await run(process.argv.slice(2), {
  out: text => { stdout.write(text) },
  err: text => { stderr.write(text) },
  watched: stderr.isTTY,
})
// Not process.exit: standard output may still be on its way into a pipe.
process.exitCode = code
