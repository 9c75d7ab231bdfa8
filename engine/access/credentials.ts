/** What a call shows of who makes it. */
export interface Credentials {
  /** `Bearer <token>`, as in the HTTP header; hosts put a session cookie here too. */
  readonly authorization: string | null
  /** Set for in-process calls and the local socket: the file permissions of the data folder are the proof. */
  readonly local: { readonly osUser: string } | null
}

/** The token of a `Bearer` authorization; null where there is none. One that cannot be a token stays one that nobody has. */
export function bearerToken({ authorization }: Credentials): string | null {
  return authorization === null ? null : /^Bearer +(\S{1,300})$/i.exec(authorization)?.[1] ?? ''
}
