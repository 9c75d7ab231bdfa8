import { stderr, stdin } from 'node:process'

/** Asks a person for a secret and shows nothing of it; null where nobody watches the terminal. */
export async function askSecret(question: string): Promise<string | null> {
  if (!stdin.isTTY || !stderr.isTTY) return null
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.resume()
  try {
    return await readLine()
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}

function readLine(): Promise<string> {
  return new Promise((resolve, reject) => {
    let secret = ''
    const take = (chunk: Buffer): void => {
      for (const key of chunk.toString('utf8')) {
        if (key === '\r' || key === '\n' || key === '\u0004') return end(() => { resolve(secret) })
        if (key === '\u0003') return end(() => { reject(new Error('Interrupted.')) })
        secret = key === '\u007f' || key === '\b' ? secret.replace(/.$/su, '') : secret + key
      }
    }
    const end = (settle: () => void): void => {
      stdin.off('data', take)
      settle()
    }
    stdin.on('data', take)
  })
}
