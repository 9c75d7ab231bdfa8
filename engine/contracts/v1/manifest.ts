/** `manifest.json` of a pack. @since v1 */
export interface PackManifest {
  readonly manifest: 1
  /** Kebab-case, unique among all packs of a publisher, e.g. `tiered-pricing`. */
  readonly id: string
  /** Semantic version, e.g. `1.0.0`. */
  readonly version: string
  readonly publisher: string
  readonly title: string
  readonly description: string
  /** Engine versions it runs on, as a semver range. */
  readonly engine: string
  readonly implements: readonly ContractImplementation[]
}

export type ContractName = 'validation-rule' | 'pricing-policy' | 'approval-policy' | 'reactor'

export interface ContractImplementation {
  readonly contract: ContractName
  /** Version of the contract, e.g. `v1`. */
  readonly version: string
  /** File in `code/`, e.g. `code/pricing-policy.js`. */
  readonly entry: string
  /** JSON Schema (2020-12) of the config the profile gives it. */
  readonly config: Readonly<Record<string, unknown>>
  /** For a reactor: event types it reads. */
  readonly reads?: readonly string[]
  /** For a validation rule: what it asks of the account beyond the order. */
  readonly needs?: readonly 'exposure'[]
}
