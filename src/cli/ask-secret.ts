import { stderr, stdin } from 'node:process'

/** Asks a person for a secret and shows nothing of it; null where nobody watches the terminal. Ctrl-C ends the command. */
export async function askSecret(question: string): Promise<string | null> {
  if (!stdin.isTTY || !stderr.isTTY) return null
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.resume()
  const secret = await readLine()
  stdin.setRawMode(false)
  stdin.pause()
  stderr.write('\n')
  if (secret === null) process.kill(process.pid, 'SIGINT')
  return secret
}

function readLine(): Promise<string | null> {
  return new Promise(resolve => {
    let secret = ''
    const take = (chunk: Buffer): void => {
      for (const key of chunk.toString('utf8')) {
        if (key === '\r' || key === '\n' || key === '\u0004') return end(secret)
        if (key === '\u0003') return end(null)
        secret = key === '\u007f' || key === '\b' ? secret.replace(/.$/su, '') : secret + key
      }
    }
    const end = (answer: string | null): void => {
      stdin.off('data', take)
      resolve(answer)
    }
    stdin.on('data', take)
  })
}
