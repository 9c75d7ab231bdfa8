import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Debian packages that are not on this machine. */
export function missingDebianPackages(names: readonly string[]): readonly string[] {
  return names.filter(name => {
    const asked = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}', name], { encoding: 'utf8' })
    return asked.status !== 0 || !asked.stdout.startsWith('ii')
  })
}

export function isDebian(): boolean {
  return process.platform === 'linux' && existsSync('/etc/debian_version')
}

/** Installs packages as root on Debian; anyone else is told what to install. Throws with the words for the person. */
export function installDebianPackages(names: readonly string[], what: string, say: (line: string) => void): void {
  const missing = isDebian() ? missingDebianPackages(names) : names
  if (missing.length === 0) return
  const list = missing.join(' ')
  if (!isDebian()) throw new Error(`Missing: ${what}. On Debian that is: ${list}`)
  if (process.getuid?.() !== 0) throw new Error(`Missing: ${what}. Install it with: sudo apt-get install --no-install-recommends ${list}`)
  say(`Installing ${what}: ${list}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const steps = [['update', '-qq'], ['install', '-y', '-qq', '--no-install-recommends', ...missing]]
  for (const args of steps) {
    const done = spawnSync('apt-get', args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] })
    if (done.status !== 0) throw new Error(`Missing: ${what}. apt-get ${args.join(' ')} failed:\n${done.stderr.slice(-2000)}`)
  }
}
