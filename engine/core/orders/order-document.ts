import { z } from 'zod'

/** A decimal number exactly as a document states it: digits with an optional sign and point, no exponent. */
export const decimalString = z.string().regex(/^-?\d{1,30}(\.\d{1,20})?$/, 'must be a decimal number such as 12.50')

const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

export const taxSchema = z.object({
  category: z.string().min(1).max(8),
  percent: decimalString.nullable(),
})

export const allowanceSchema = z.object({
  charge: z.boolean(),
  amount: decimalString.nullable(),
  percent: decimalString.nullable(),
  baseAmount: decimalString.nullable(),
  reason: z.string().max(500).nullable(),
  tax: taxSchema.nullable(),
})

export const lineSchema = z.object({
  id: z.string().min(1).max(100),
  item: z.string().min(1).max(200),
  description: z.string().max(2000).nullable(),
  quantity: decimalString.refine(q => !q.startsWith('-') && /[1-9]/.test(q), 'must be above 0; a return line has return: true'),
  unit: z.string().max(20).nullable(),
  return: z.boolean(),
  price: decimalString.nullable(),
  baseQuantity: decimalString.nullable(),
  allowances: z.array(allowanceSchema).max(100),
  tax: taxSchema.nullable(),
  statedNet: decimalString.nullable(),
  attributes,
})

/** Fields about a person; sealed before they reach the log (see engine/log/seal.ts). */
export const contactSchema = z.object({
  name: z.string().max(200).nullable(),
  email: z.string().max(320).nullable(),
  phone: z.string().max(50).nullable(),
  address: z.string().max(1000).nullable(),
})

/**
 * An order as a document states it: what an import, a form or the API hands in. Numbers stay decimal strings; the core
 * reads none of them but the sign of a quantity.
 */
export const orderDocumentSchema = z.object({
  reference: z.string().min(1).max(200),
  kind: z.enum(['order', 'invoice']),
  account: z.object({
    code: z.string().min(1).max(200),
    name: z.string().max(300).nullable(),
  }),
  /** Organisation node; null takes the account's node, else the tenant's root. */
  orgpath: z.string().max(500).nullable(),
  currency: z.string().regex(/^[A-Z]{3}$/).nullable(),
  placedOn: z.string().max(40).nullable(),
  lines: z.array(lineSchema).min(1).max(100_000),
  allowances: z.array(allowanceSchema).max(1000),
  prepaidAmount: decimalString.nullable(),
  roundingAmount: decimalString.nullable(),
  taxAmount: decimalString.nullable(),
  contact: contactSchema.nullable(),
  attributes,
})

export type OrderDocument = z.infer<typeof orderDocumentSchema>
export type OrderLine = z.infer<typeof lineSchema>
export type Allowance = z.infer<typeof allowanceSchema>
export type Contact = z.infer<typeof contactSchema>
