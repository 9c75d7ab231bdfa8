/** What the desktop shell and the engine process say to each other. Types only. */

export interface StartOptions {
  readonly dataFolder: string
  readonly version: string
  readonly resourcesFolder: string
  readonly logFile: string
  /** Make the demo site where nothing is set up yet. */
  readonly demo: boolean
}

export interface SignIn {
  readonly user: string
  readonly password: string
  readonly roles: readonly string[]
}

export type ToEngine =
  | { readonly kind: 'start'; readonly options: StartOptions }
  /** Brings a port: a window that wants to talk. */
  | { readonly kind: 'connect' }
  /** Brings a port: the channel to the pack host that was asked for. */
  | { readonly kind: 'pack-host'; readonly id: number }
  | { readonly kind: 'pack-host-ended'; readonly id: number; readonly why: string }
  | { readonly kind: 'stop' }

export type FromEngine =
  | { readonly kind: 'running'; readonly signIn: readonly SignIn[] | null }
  /** It will not start, and starting it again changes nothing. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly remedy: string }
  | { readonly kind: 'start-pack-host'; readonly id: number; readonly tenant: string }
  | { readonly kind: 'end-pack-host'; readonly id: number }
