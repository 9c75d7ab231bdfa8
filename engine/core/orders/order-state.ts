/** The states of an order, in the order of its usual path. */
export const ORDER_STATES = [
  'draft', 'submitted', 'validated', 'priced', 'approved', 'confirmed', 'fulfilled', 'closed', 'rejected', 'cancelled',
] as const

export type OrderState = (typeof ORDER_STATES)[number]

/**
 * Every legal change of state. The database holds the same table and refuses anything else, also from raw SQL.
 * The steps back to `submitted` need a higher revision (an amendment or a recomposition).
 */
export const ORDER_TRANSITIONS: readonly (readonly [from: OrderState, to: OrderState, needsNewRevision: boolean])[] = [
  ['draft', 'submitted', false],
  ['draft', 'cancelled', false],
  ['submitted', 'validated', false],
  ['submitted', 'rejected', false],
  ['submitted', 'cancelled', false],
  ['validated', 'submitted', true],
  ['validated', 'priced', false],
  ['validated', 'rejected', false],
  ['validated', 'cancelled', false],
  ['priced', 'submitted', true],
  ['priced', 'approved', false],
  ['priced', 'rejected', false],
  ['priced', 'cancelled', false],
  ['approved', 'submitted', true],
  ['approved', 'confirmed', false],
  ['approved', 'rejected', false],
  ['approved', 'cancelled', false],
  ['confirmed', 'fulfilled', false],
  ['confirmed', 'cancelled', false],
  ['fulfilled', 'closed', false],
]
