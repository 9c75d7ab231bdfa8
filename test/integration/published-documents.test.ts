import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { expectPublished, type PublishedDocument, publishedDocuments } from '#test/support/published-documents.ts'
import { testEngine, type TestEngine } from '#test/support/test-engine.ts'

type Job = Awaited<ReturnType<KeelsonClient['queries']['job']>>

const documents = publishedDocuments()
let engine: TestEngine
beforeAll(async () => { engine = await testEngine() })
afterAll(async () => { await engine.end() })

describe('published documents, imported one after the other under gamma', () => {
  it('come to the totals and taxes that they publish, every one', async () => {
    const tenants = new Map<string, Set<string>>()
    for (const document of documents) {
      const job = await importInto(await tenantWithout(document.reference, tenants), document)
      expect(job.counts?.orders).toEqual({ read: 1, accepted: document.isCredit ? 0 : 1, rejected: document.isCredit ? 1 : 0, unchanged: 0 })
      if (document.isCredit) expect(job.counts?.reasons).toEqual({ 'KS-IMPORT-CREDIT': 1 })
      else await expectOrder(job.tenant, document)
    }
  })

  it('into one tenant: those under a reference that the account has used are refused, or there already, never merged', async () => {
    await engine.client.commands['create-tenant']({ tenant: 'one', profile: 'gamma' })
    const first = new Map<string, PublishedDocument>()
    const outcomes = { accepted: 0, credit: 0, known: 0, unchanged: 0 }
    for (const document of documents) {
      const { counts } = await importInto('one', document)
      if (counts?.reasons['KS-IMPORT-CREDIT'] === 1) outcomes.credit++
      else if (counts?.reasons['KS-IMPORT-KNOWN-REFERENCE'] === 1) outcomes.known++
      else if (counts?.orders.unchanged === 1) outcomes.unchanged++
      else {
        outcomes.accepted++
        if (!first.has(document.reference)) first.set(document.reference, document)
      }
    }
    expect(outcomes).toEqual({ accepted: 61, credit: 3, known: 30, unchanged: 10 })
    const { rows } = await engine.client.queries.orders({ tenant: 'one', limit: 200 })
    expect(rows).toHaveLength(outcomes.accepted)
    const once = [...first.values()].filter(({ reference }) => rows.filter(row => row.reference === reference).length === 1)
    for (const document of once) await expectOrder('one', document)
  })
})

/** A tenant that has no order of this reference yet: some of the documents share theirs. */
async function tenantWithout(reference: string, tenants: Map<string, Set<string>>): Promise<string> {
  for (const [tenant, references] of tenants) {
    if (references.has(reference)) continue
    references.add(reference)
    return tenant
  }
  const tenant = `t${tenants.size + 1}`
  await engine.client.commands['create-tenant']({ tenant, profile: 'gamma' })
  tenants.set(tenant, new Set([reference]))
  return tenant
}

async function importInto(tenant: string, { path }: PublishedDocument): Promise<Job> {
  const { jobId } = await engine.client.commands['start-import']({ tenant, path, map: 'ubl' })
  let last: Job | null = null
  for await (const job of await engine.client.streams.job({ tenant, jobId })) last = job
  if (last?.state !== 'succeeded') throw new Error(`${path}: ${JSON.stringify(last)}`)
  return last
}

async function expectOrder(tenant: string, document: PublishedDocument): Promise<void> {
  const { order, decisions: { pricing } } = await engine.client.queries.order({ tenant, order: document.reference })
  expect(order).toMatchObject({ needsAttention: null, state: expect.stringMatching(/^(confirmed|priced)$/) })
  if (pricing === null) throw new Error(`${document.source} has no price`)
  expectPublished(pricing, document)
}
