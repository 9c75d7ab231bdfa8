import { compare } from 'semver'

/** Sorts by semantic version, the newest first. */
export function newestFirst(a: { readonly version: string }, b: { readonly version: string }): number {
  return compare(b.version, a.version)
}
