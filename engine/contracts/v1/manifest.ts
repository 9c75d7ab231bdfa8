import type { AttributeDeclaration } from './data-extension.ts'
import type { QueryDeclaration, TableDeclaration } from './tables.ts'

/**
 * `manifest.json` of a pack: who made it, what it gives, and everything that it may do. What it does not say is not
 * allowed.
 *
 * @since v1
 */
export interface PackManifest {
  readonly manifest: 1
  /** Kebab-case, unique on a site, e.g. `tiered-pricing`. */
  readonly id: string
  /** Semantic version, e.g. `1.0.0`. */
  readonly version: string
  readonly publisher: string
  readonly title: string
  readonly description: string
  /** SPDX expression of the licence; shown before it is installed. */
  readonly licence?: string
  /** Engine versions it runs on, as a semver range. */
  readonly engine: string
  readonly implements: readonly ContractImplementation[]
  /** Other packs that must be enabled beside it, with the versions it takes. */
  readonly requires?: readonly { readonly pack: string; readonly version: string }[]
  /** File in `code/` with a LifeCycle. */
  readonly lifeCycle?: string
  /** Tables that its domain module and its report fold the log into, and the questions to them. */
  readonly tables?: readonly TableDeclaration[]
  readonly queries?: readonly QueryDeclaration[]
  /** What its domain module decides, and may append. */
  readonly commands?: readonly CommandDeclaration[]
  readonly emits?: readonly EventDeclaration[]
  readonly attributes?: readonly AttributeDeclaration[]
  /** Permissions that it defines, named `<pack>.<name>`; a profile says which roles have them. */
  readonly permissions?: readonly PermissionDeclaration[]
  /** Commands that its reactor may issue: its own, those of packs it requires, or `keelson.set-attributes`. */
  readonly issues?: readonly string[]
  /** Entitlement that a profile must carry before it may be enabled. */
  readonly entitlement?: string
}

/** Contracts whose packs take part in the way of an order. */
export type PipelineContract = 'validation-rule' | 'pricing-policy' | 'approval-policy' | 'reactor'

export type ContractName = PipelineContract | 'report' | 'data-extension' | 'domain-module' | 'ui-module'

export interface ContractImplementation {
  readonly contract: ContractName
  /** Version of the contract, e.g. `v1`. */
  readonly version: string
  /** File in the pack: `code/<name>.js`, `ui/<name>.json` for a ui-module, none for a data-extension. */
  readonly entry: string
  /** JSON Schema (2020-12) of the config the profile gives it. */
  readonly config: Readonly<Record<string, unknown>>
  /** For a reactor, a report and a domain module: event types it reads. */
  readonly reads?: readonly string[]
  /** For a validation rule: what it asks of the account beyond the order. */
  readonly needs?: readonly 'exposure'[]
}

/** @example { name: 'add-contact', permission: 'customers.edit', input: { type: 'object', … } } */
export interface CommandDeclaration {
  /** Kebab-case; its text is `command.<name>`. */
  readonly name: string
  /** JSON Schema (2020-12) of an object; the console makes its form from it. */
  readonly input: Readonly<Record<string, unknown>>
  /** One of the manifest's permissions. */
  readonly permission: string
}

export interface EventDeclaration {
  /** `<pack>.<what happened>.v<n>`, e.g. `customers.contact-added.v1`. */
  readonly type: string
  /** JSON Schema (2020-12) of its data. */
  readonly data: Readonly<Record<string, unknown>>
  /** Other packs may read it. */
  readonly public?: boolean
  /** Fields of the data that are personal: sealed in the log with the key of the subject that `subject` names. */
  readonly personal?: { readonly subject: string; readonly fields: readonly string[] }
}

export interface PermissionDeclaration {
  /** `<pack>.<name>`; its text is `permission.<name>`. */
  readonly name: string
  /** Roles that have it where the profile does not say otherwise. */
  readonly roles: readonly string[]
}
