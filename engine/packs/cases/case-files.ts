import { z } from 'zod'
import type { ContractName } from '#engine/contracts/v1/index.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { OpenPack } from '../composition.ts'

const fields = z.record(z.string(), z.unknown())

/** Contracts whose packs are asked something, and so have cases. */
export const CASE_CONTRACTS = ['validation-rule', 'pricing-policy', 'approval-policy', 'reactor', 'report', 'domain-module'] as const satisfies readonly ContractName[]

export type CaseContract = (typeof CASE_CONTRACTS)[number]

/** `cases/*.json` of a pack: inputs of one contract with the answers that they must get. */
export const packCasesSchema = z.strictObject({
  contract: z.enum(CASE_CONTRACTS),
  cases: z.array(z.strictObject({ title: z.string(), config: fields, input: fields, expect: fields })).min(1),
})

/** `cases/*.yaml` of a profile: orders with the decisions that they must get. A decision that is null must not be there. */
export const profileCasesSchema = z.strictObject({
  cases: z.array(z.strictObject({
    title: z.string(),
    order: fields,
    exposure: z.strictObject({ openMinor: z.number(), openOrders: z.number() }).optional(),
    expect: z.strictObject({ validation: fields.optional(), pricing: fields.nullable().optional(), approval: fields.nullable().optional() }),
    /** The order that it was made of, by whom; absent where somebody wrote it. */
    from: z.strictObject({ order: z.string(), revision: z.number(), at: z.string(), by: z.string() }).optional(),
  })).min(1),
})

/** An order with the decisions that a profile must give it. */
export type ProfileCase = z.infer<typeof profileCasesSchema>['cases'][number]

export type Fields = z.infer<typeof fields>

const order = z.looseObject({
  lines: z.array(z.looseObject({ allowances: z.array(fields).optional() })).optional(), allowances: z.array(fields).optional(), account: z.union([z.string(), fields]).optional(),
})
const exposure = z.strictObject({ openMinor: z.number(), openOrders: z.number() }).optional()
const price = z.looseObject({ currency: z.string(), exponent: z.int(), baseMinor: z.int(), totals: fields })
const rows = z.array(fields.nullable()).optional()
const told = z.strictObject({ event: z.looseObject({ type: z.string() }), rows })

/** What a case of each contract may ask about; what it leaves out is filled in. */
const INPUTS: Readonly<Record<CaseContract, z.ZodType>> = {
  'validation-rule': z.strictObject({ order, exposure }), 'pricing-policy': z.strictObject({ order }), 'approval-policy': z.strictObject({ order, price }),
  'reactor': told, 'report': told,
  'domain-module': z.union([told, z.strictObject({ command: z.looseObject({ name: z.string(), input: fields.optional() }), rows })]),
}

/** One case of a pack: what is asked of which contract, and what must come of it. */
export interface PackCase {
  /** `cases/…json` that it stands in. */
  readonly file: string
  readonly contract: CaseContract
  readonly title: string
  readonly config: Fields
  readonly input: Fields
  /** What it does not name may be anything. */
  readonly expect: Fields
}

/** Every case that a pack brings, in the order of its files. Refuses with KS-PACK-CASES what is no file of cases. */
export function casesOf(pack: Pick<OpenPack, 'manifest' | 'files'>): Result<readonly PackCase[]> {
  const cases: PackCase[] = []
  for (const file of [...pack.files.keys()].filter(name => name.startsWith('cases/')).toSorted()) {
    const read = readCases(file, pack.files.get(file) ?? new Uint8Array())
    if (!read.ok) return read
    const { contract } = read.value
    if (!pack.manifest.implements.some(part => part.contract === contract)) return badCases(file, `it has cases of a ${contract}, which the pack does not implement`)
    for (const { title, input } of read.value.cases) {
      const [issue] = INPUTS[contract].safeParse(input).error?.issues ?? []
      if (issue !== undefined) return badCases(file, `the input of "${title}" is none of a ${contract}: ${issue.path.join('.')} ${issue.message}`)
    }
    cases.push(...read.value.cases.map(each => ({ file, contract, ...each })))
  }
  return ok(cases)
}

function readCases(file: string, content: Uint8Array): Result<z.infer<typeof packCasesSchema>> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch (error) {
    return badCases(file, error instanceof Error ? error.message : String(error))
  }
  const parsed = packCasesSchema.safeParse(value)
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  return badCases(file, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
}

function badCases(file: string, why: string): Result<never> {
  return refuse('KS-PACK-CASES', `${file} of the pack is no file of cases: ${why}.`,
    'A file of cases holds the name of a contract and a list of cases, each with title, config, input and expect.', { file, why })
}
