import { SESSION_LONGEST_MS } from '#engine/access/index.ts'

/**
 * Browsers keep the session in a cookie that scripts cannot read. Where a page signs in, the token goes into the cookie
 * and the page gets the word `cookie` in its place; it sends `Authorization: Bearer cookie` from then on. A foreign page
 * can send neither: the cookie is SameSite=Strict, the header needs a permission that is never given.
 */
const STAND_IN = 'cookie'

export interface CookieRules {
  /** Browsers do not keep the cookies of two ports apart, and a site may change its port: so the site is in the name. */
  readonly name: string
  readonly secure: boolean
}

/** The authorization of a call, with the stand-in replaced by what the cookie holds. */
export function authorizationOf(header: string | null, cookies: string | null, rules: CookieRules): string | null {
  if (header !== `Bearer ${STAND_IN}`) return header
  const token = cookieIn(cookies, rules.name)
  return token === null ? null : `Bearer ${token}`
}

/**
 * What a page gets for signing in: the answer without the token, which moves into the cookie. `Sec-Fetch-Site` tells a
 * page from an API client; no script can set it.
 */
export async function withSessionCookie(answer: Response, rules: CookieRules): Promise<Response> {
  const text = await answer.text()
  const body = JSON.parse(text) as { json?: SignedIn } & SignedIn
  const signedIn = body.json ?? body
  const { token } = signedIn
  const headers = new Headers(answer.headers)
  headers.delete('content-length')
  if (typeof token !== 'string') return new Response(text, { status: answer.status, headers })
  signedIn.token = STAND_IN
  headers.append('set-cookie', cookie(token, rules, SESSION_LONGEST_MS / 1000))
  return new Response(JSON.stringify(body), { status: answer.status, headers })
}

/** The answer to a page that signed out: the cookie goes too. */
export function withoutSessionCookie(answer: Response, rules: CookieRules): Response {
  const headers = new Headers(answer.headers)
  headers.append('set-cookie', cookie('', rules, 0))
  return new Response(answer.body, { status: answer.status, headers })
}

interface SignedIn {
  token?: string
}

function cookie(value: string, { name, secure }: CookieRules, maxAge: number): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure ? '; Secure' : ''}`
}

function cookieIn(cookies: string | null, name: string): string | null {
  for (const part of (cookies ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value !== undefined && value !== '') return value
  }
  return null
}
