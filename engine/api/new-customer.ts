import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { valueAt } from '#engine/core/plain-values.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { applyEdits, asBeginning, forCustomer, inspectProfile, keptAmounts, migrateProfile, namesIn, noActiveProfile, type DerivedProfile, type Profile } from '#engine/profiles/index.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { beginning } from './contract/new-customer.ts'
import { unwrap, type Gated } from './procedures.ts'

type Beginning = z.infer<typeof beginning>
type Part = { readonly capability: string; readonly pack: string | null; readonly version: string | null; readonly default: string | null }

/** The way to a new customer, up to `create-tenant`. */
export function newCustomerProcedures({ queries }: Gated, runtime: SiteRuntime) {
  return {
    queries: {
      'prepare-customer': queries['prepare-customer'].handler(async ({ input: { beginning: from, customer, edits }, context }) => {
        if (customer !== undefined) unwrap(runtime.tenantNameIsFree(customer.tenant))
        const { document: begun, notes: derived } = lifted(await begin(runtime, from))
        const document = unwrap(applyEdits(customer === undefined ? begun : forCustomer(begun, customer), edits))
        const notes = [...derived, ...(customer?.currency === undefined ? [] : keptAmounts(begun, customer.currency))]
        const { profile, findings } = inspectProfile(document, { packs: runtime.packs.available(), engineVersion: runtime.options.version, texts: runtime.texts, locale: context.invocation.locale })
        return { document, ...namesIn(document), currency: profile === null ? null : currencyOf(profile, runtime), notes, findings, parts: profile === null ? [] : partsOf(profile) }
      }),
    },
  }
}

async function begin(runtime: SiteRuntime, from: Beginning): Promise<DerivedProfile> {
  switch (from.from) {
    case 'document': return { document: from.document, notes: [] }
    case 'template': return asBeginning(unwrap(runtime.profileSource(from.name)), newSecret)
    case 'tenant': {
      const active = await runtime.tenant(from.tenant).activeProfile()
      if (active === null) throw new RefusalError(noActiveProfile(from.tenant))
      return asBeginning(active.profile.source, newSecret)
    }
  }
}

/** Older forms are written as today's first: what is found is found in the text that the person sees. */
function lifted({ document, notes }: DerivedProfile): DerivedProfile {
  const migrated = migrateProfile(document)
  // What cannot be read stays as it is; the findings say why.
  if (!migrated.ok || migrated.value.from === 'current') return { document, notes }
  return { document: migrated.value.text, notes: [...notes, ...(migrated.value.from === 'short' ? [{ code: 'from-short-form' as const, values: {} }] : [])] }
}

/** For a webhook of the new customer: the first one's never leaves it. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

function currencyOf({ capabilities: { pricing } }: Profile, { packs }: SiteRuntime): string | null {
  const takes = packs.available().some(({ manifest }) => manifest.id === pricing.pack && manifest.implements.some(({ contract, config }) => contract === 'pricing-policy' && valueAt(config, ['properties', 'defaultCurrency']) !== undefined))
  const stated = pricing.config?.['defaultCurrency']
  return takes ? typeof stated === 'string' ? stated : '' : null
}

function partsOf({ capabilities }: Profile): Part[] {
  const part = (capability: string, entry: { pack?: string | undefined; version?: string | undefined; default?: string | undefined }): Part =>
    ({ capability, pack: entry.pack ?? null, version: entry.version ?? null, default: entry.default ?? null })
  return [
    ...capabilities.validation.map(entry => part('validation', entry)), part('pricing', capabilities.pricing), part('approval', capabilities.approval),
    ...(capabilities.reactions ?? []).map(entry => part('reactions', entry)), ...(capabilities.modules ?? []).map(entry => part('modules', entry)),
  ]
}
