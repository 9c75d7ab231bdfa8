import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where a person's own data folder lies when none is named: what each system sets aside for that. */
export function defaultDataFolder(
  platform: NodeJS.Platform = process.platform, env: Readonly<Record<string, string | undefined>> = process.env, home = homedir(),
): string {
  const named = env['KEELSON_DATA']
  if (named !== undefined && named !== '') return named
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Keelson')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Keelson')
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'keelson')
}
