/**
 * An order as a policy sees it: what the document states, and nothing else.
 *
 * Every number is a decimal string exactly as it was stated ("2.50" stays "2.50"). Nothing here is money yet:
 * money is made by a pricing decision. The object is fresh for each call; changing it changes nothing.
 *
 * @since v1
 */
export interface OrderView {
  /** The reference the account knows the order by. Unique within an account. */
  readonly reference: string
  /** What the document was: decides nothing by itself. */
  readonly kind: 'order' | 'invoice'
  readonly account: AccountView
  /** Path of the organisation node that takes the order, e.g. `/acme/uk`. */
  readonly orgpath: string
  /** ISO 4217 code as stated, or null where the document states none. */
  readonly currency: string | null
  /** Date of the order as stated, ISO 8601. */
  readonly placedOn: string | null
  readonly lines: readonly LineView[]
  /** Allowances and charges of the whole document. */
  readonly allowances: readonly AllowanceView[]
  /** Paid already, as stated (BT-113). */
  readonly prepaidAmount: string | null
  /** Rounding of the payable amount, as stated (BT-114). */
  readonly roundingAmount: string | null
  /** Tax on the whole document where the source states it as one amount, else null. */
  readonly taxAmount: string | null
  /** Facts that packs or profiles added to the order. */
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

export type AttributeValue = string | number | boolean | null

export interface AccountView {
  /** The account's code with the tenant, e.g. the customer number. */
  readonly code: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

/** A line. `quantity` is above 0; a line that is sent back has `return: true` and counts against the order. */
export interface LineView {
  readonly id: string
  readonly item: string
  readonly description: string | null
  readonly quantity: string
  readonly unit: string | null
  readonly return: boolean
  /** Net price of `baseQuantity` units, as stated (BT-146). */
  readonly price: string | null
  /** Units that `price` is for (BT-149); null means 1. */
  readonly baseQuantity: string | null
  readonly allowances: readonly AllowanceView[]
  readonly tax: TaxView | null
  /** Net amount of the line where the source states it; a policy may compare, never copy it unseen. */
  readonly statedNet: string | null
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

/** Tax category (UNCL 5305: S, Z, E, AE, K, G, O, L, M, B) with its rate in percent; null where none is stated. */
export interface TaxView {
  readonly category: string
  readonly percent: string | null
}

/** An allowance (`charge: false`, lowers) or a charge (`charge: true`, raises): an amount, or a percentage of a base. */
export interface AllowanceView {
  readonly charge: boolean
  readonly amount: string | null
  readonly percent: string | null
  readonly baseAmount: string | null
  readonly reason: string | null
  readonly tax: TaxView | null
}
