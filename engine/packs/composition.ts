import type { ContractName, PackManifest } from '#engine/contracts/v1/index.ts'
import type { AskedContract } from '#engine/sandbox/protocol.ts'
import type { PackCatalog } from './pack-catalog.ts'

/** A pack that the profile names, resolved to exact bytes, or to a default that the profile names. */
export interface PackUse {
  /** Pack id; `keelson` for a default. */
  readonly pack: string
  readonly version: string
  /** SHA-256 (hex) of the `.kpack`; for a default, of its name and the core's version. */
  readonly digest: string
  readonly contract: AskedContract
  readonly contractVersion: string
  /** File in the pack, e.g. `code/pricing-policy.js`; for a default its name, e.g. `default:always-approve`. */
  readonly entry: string
  readonly config: unknown
  /** SHA-256 (hex) over the canonical JSON of `config`. */
  readonly configDigest: string
  readonly needs: readonly 'exposure'[]
  /** Event types that a reactor reads. */
  readonly reads: readonly string[]
  /** Commands that a reactor may issue. */
  readonly issues: readonly string[]
}

/** A pack that the profile enables for what it brings itself: tables, commands, screens, attributes. */
export interface ModuleUse {
  readonly pack: string
  readonly version: string
  readonly digest: string
  readonly config: unknown
  readonly configDigest: string
  readonly manifest: PackManifest
}

/** A profile version, resolved: who answers what for one tenant. */
export interface Composition {
  readonly tenant: string
  readonly profileVersion: number
  readonly validation: readonly PackUse[]
  readonly pricing: PackUse
  readonly approval: PackUse
  readonly reactors: readonly PackUse[]
  /** Packs that bring something of their own; their reactors are among `reactors`. */
  readonly modules: readonly ModuleUse[]
  /** Roles that have each permission of a pack: what the profile says, else what the pack says. */
  readonly permissions: Readonly<Record<string, readonly string[]>>
  /** Roles that its approval may ask, as far as its config names them. */
  readonly approvers: readonly string[]
  readonly confirmation: 'automatic' | 'manual'
  readonly targets: Readonly<Record<string, DeliveryTarget>>
  /** Named by the profile, but not usable: the steps that need them hold the order. */
  readonly unusable: readonly UnusablePack[]
}

export interface UnusablePack {
  readonly pack: string
  readonly contract: ContractName
  readonly code: 'KS-PACK-MISSING' | 'KS-PACK-CONFIG' | 'KS-PACK-REQUIRES' | 'KS-PACK-READS' | 'KS-PACK-ENTITLEMENT' | 'KS-PACK-MODIFIED' | 'KS-PACK-DISABLED' | 'KS-PACK-QUARANTINED' | 'KS-PACK-REVOKED'
  readonly message: string
  readonly remedy: string
}

export type DeliveryTarget =
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string }
  /** Folder below the tenant's folder. */
  | { readonly kind: 'file'; readonly folder: string }

/** An opened, verified `.kpack`. */
export interface OpenPack {
  readonly digest: string
  readonly manifest: PackManifest
  /** What it adds to the catalog of capabilities; absent where it says nothing about that. */
  readonly catalog?: PackCatalog | undefined
  /** What a profile can name of its screens; absent where nobody has looked. */
  readonly shows?: PackShows | undefined
  readonly files: ReadonlyMap<string, Uint8Array>
}

export interface PackShows {
  /** Ids of its menu entries. */
  readonly menu: readonly string[]
  /** Its texts by their keys, in English. */
  readonly texts: Readonly<Record<string, string>>
}

/** What of a pack says everything about it but its bytes: enough to resolve a profile. */
export type KnownPack = Pick<OpenPack, 'digest' | 'manifest' | 'catalog' | 'shows'>
