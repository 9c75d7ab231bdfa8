import type { Rounding } from './arithmetic.ts'
import type { OrderView } from '../v1/order-view.ts'
import { CURRENCY_EXPONENTS } from './currency-exponents.ts'
import { refuseOrder } from './policy-refused.ts'

/** What a price is counted in: units of 10^-exponent of a currency, and how a fraction of a unit is rounded. */
export interface Money {
  readonly currency: string
  readonly exponent: number
  readonly rounding: Rounding
}

export interface MoneyConfig {
  /** For orders that state no currency; without it they are refused. */
  readonly defaultCurrency?: string
  /** Decimals in place of those of ISO 4217, for every currency. */
  readonly exponent?: number
  /** Decimals of currencies that ISO 4217 no longer lists or gives none. */
  readonly currencies?: Readonly<Record<string, number>>
  /** Default `half-up`. */
  readonly rounding?: Rounding
}

/** The money of an order: its own currency with its own decimals, unless the profile says otherwise. */
export function moneyOf(order: OrderView, config: MoneyConfig): Money {
  return moneyIn(order.currency ?? config.defaultCurrency ?? refuseOrder('no-currency'), config)
}

/** Amounts in one currency, with its own decimals unless the profile says otherwise. Refuses: `unknown-currency`. */
export function moneyIn(currency: string, config: Omit<MoneyConfig, 'defaultCurrency'>): Money {
  const exponent = config.exponent ?? own(config.currencies, currency) ?? own(CURRENCY_EXPONENTS, currency)
    ?? refuseOrder('unknown-currency', { currency })
  return { currency, exponent, rounding: config.rounding ?? 'half-up' }
}

function own(table: Readonly<Record<string, number>> | undefined, key: string): number | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
}
