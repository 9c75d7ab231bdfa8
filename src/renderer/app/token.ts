const KEY = 'keelson.token'

/** The session's token, shared by all windows of this browser or desktop. */
export function readToken(): string | null {
  return localStorage.getItem(KEY)
}

export function keepToken(token: string | null): void {
  if (token === null) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, token)
}

/** Hears when another window signs in or out. */
export function onTokenChange(listener: () => void): () => void {
  const hear = (event: StorageEvent): void => { if (event.key === KEY) listener() }
  window.addEventListener('storage', hear)
  return () => { window.removeEventListener('storage', hear) }
}
