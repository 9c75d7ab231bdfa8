/** What the core gives the console to show. A profile orders it, leaves parts of it out, and puts in what its packs bring. */

/** Entries of the menu that are about a customer's work, in their usual order. */
export const WORK_ENTRIES = ['orders', 'approvals', 'import', 'failures', 'jobs'] as const

/** Entries about the site and the tenant itself: below the line, also where a profile does not list them. */
export const SITE_ENTRIES = ['profile', 'impact', 'catalog', 'packs', 'siteStatus', 'settings'] as const

export type MenuEntry = (typeof WORK_ENTRIES)[number] | (typeof SITE_ENTRIES)[number]

/** Columns of the orders list; the first is always there. */
export const ORDER_COLUMNS = ['reference', 'account', 'state', 'total', 'lines', 'placedOn', 'updatedAt', 'code', 'org', 'revision'] as const

export type OrderColumn = (typeof ORDER_COLUMNS)[number]
