import { expect, test } from 'vitest'
import { contract } from '#engine/api/contract/index.ts'
import { authorise, nodesOf, rolesIn, tenantsOf, type Principal } from './authorise.ts'
import { PROCEDURE_RULES, type Grant } from './permissions.ts'

const person = (...grants: Grant[]): Principal =>
  ({ id: 'u1', name: 'Ada', kind: 'user', method: 'password', grants, sessionHash: 'h' })
const on = (tenant: string, ...roles: string[]): Grant => ({ tenant, orgpath: '/', roles })

test('every procedure of the contract has a rule, and no rule is for something else', () => {
  const inContract = Object.entries(contract).flatMap(([group, procedures]) => Object.keys(procedures).map(name => `${group}/${name}`))
  expect([...PROCEDURE_RULES.keys()].toSorted()).toEqual(inContract.toSorted())
})

test('a procedure without a rule is refused, whoever asks', () => {
  const answer = authorise({ procedure: 'commands/no-such', principal: person(on('*', 'owner')), tenant: 'acme', siteIsSetUp: true })
  expect(answer).toMatchObject({ ok: false, refusal: { code: 'KS-ACCESS-DENIED' } })
})

test.each<[string, string, Principal | null, string | null, string]>([
  ['anyone may sign in', 'commands/sign-in', null, null, 'ok'],
  ['nobody may read orders', 'queries/orders', null, 'acme', 'KS-ACCESS-SIGN-IN'],
  ['an operator reads orders of the tenant', 'queries/orders', person(on('acme', 'operator')), 'acme', 'ok'],
  ['an operator does not read those of another', 'queries/orders', person(on('acme', 'operator')), 'beta', 'KS-ACCESS-DENIED'],
  ['an operator may not confirm', 'commands/confirm-order', person(on('acme', 'operator')), 'acme', 'KS-ACCESS-DENIED'],
  ['an approver may', 'commands/confirm-order', person(on('acme', 'approver')), 'acme', 'ok'],
  ['an operator may come to approve: a stage can ask for that role', 'commands/approve-order', person(on('acme', 'operator')), 'acme', 'ok'],
  ['or to reject', 'commands/reject-order', person(on('acme', 'operator')), 'acme', 'ok'],
  ['and not where they have no role', 'commands/approve-order', person(on('acme', 'operator')), 'beta', 'KS-ACCESS-DENIED'],
  ['an approver may not enter', 'commands/draft-order', person(on('acme', 'approver')), 'acme', 'KS-ACCESS-DENIED'],
  ['an auditor reads the log', 'queries/verify-log', person(on('*', 'auditor')), 'acme', 'ok'],
  ['an administrator of one tenant may not add users', 'commands/create-user', person(on('acme', 'administrator')), null, 'KS-ACCESS-DENIED'],
  ['one of the site may', 'commands/create-user', person(on('*', 'administrator')), null, 'ok'],
  ['a made-up role carries nothing', 'queries/orders', person(on('acme', 'constructor')), 'acme', 'KS-ACCESS-DENIED'],
  ['a tenant command without a tenant is refused', 'commands/draft-order', person(on('*', 'operator')), null, 'KS-ACCESS-NO-TENANT'],
  ['site status is for whoever works in some tenant', 'queries/site-status', person(on('acme', 'operator')), null, 'ok'],
])('%s', (_title, procedure, principal, tenant, expected) => {
  const answer = authorise({ procedure, principal, tenant, siteIsSetUp: true })
  expect(answer.ok ? 'ok' : answer.refusal.code).toBe(expected)
})

test('setting up is open to anyone only until the site is set up', () => {
  const request = { procedure: 'commands/set-up-site', principal: null, tenant: null }
  expect(authorise({ ...request, siteIsSetUp: false }).ok).toBe(true)
  expect(authorise({ ...request, siteIsSetUp: true })).toMatchObject({ refusal: { code: 'KS-ACCESS-SIGN-IN' } })
})

test('a grant for a branch covers the branch and what is below it, not its neighbours', () => {
  const branch = person({ tenant: 'acme', orgpath: '/acme/uk', roles: ['operator'] })
  const ask = (orgpath?: string) =>
    authorise({ procedure: 'commands/draft-order', principal: branch, tenant: 'acme', siteIsSetUp: true, ...(orgpath === undefined ? {} : { orgpath }) }).ok
  expect([ask('/acme/uk'), ask('/acme/uk/leeds'), ask('/acme/ukraine'), ask('/acme/de'), ask()]).toEqual([true, true, false, false, false])
})

test('a query of a part is answered for whoever has a part, and for that part only', () => {
  const branch = person({ tenant: 'acme', orgpath: '/acme/uk', roles: ['operator'] }, { tenant: 'acme', orgpath: '/acme/de', roles: ['nothing'] })
  const ask = (principal: typeof branch, tenant: string | null) => authorise({ procedure: 'queries/pack-query', principal, tenant, siteIsSetUp: true }).ok
  expect([ask(branch, 'acme'), ask(branch, 'beta'), ask(branch, null)]).toEqual([true, false, false])
  const reads = (role: string): boolean => role === 'operator'
  expect(nodesOf(branch, 'acme', reads)).toEqual(['/acme/uk'])
  expect(nodesOf(branch, 'beta', reads)).toEqual([])
  expect(nodesOf(person(on('acme', 'operator')), 'acme', reads)).toBeNull()
  expect(nodesOf(person(on('acme', 'auditor')), 'acme', reads)).toEqual([])
})

test('the actor carries the roles that hold where they act', () => {
  const both = person(on('acme', 'operator'), on('beta', 'approver', 'manager'))
  expect(rolesIn(both, 'beta')).toEqual(['approver', 'manager'])
  expect(rolesIn(both, null)).toEqual([])
  expect(tenantsOf(both, ['acme', 'beta', 'gamma'])).toEqual(['acme', 'beta'])
})
