export interface Config {
  /** ISO 4217 code of the orders that earn points. */
  readonly currency: string
  /** Points for each whole unit of the net amount. */
  readonly pointsPerUnit: number
  /** Lowest first; `from` counts points ever earned. */
  readonly tiers: readonly { readonly name: string; readonly from: number }[]
}
