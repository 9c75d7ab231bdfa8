import { countOrders, listOrders } from './order-list.ts'
import { orderPage, orderRevision } from './order-page.ts'
import { indexItemWords } from './item-words.ts'
import { extendRunHistory } from './account-history.ts'
import { impactOrderInput, impactOrders, planRun, replayInput } from './impact-orders.ts'
import { impactChanges, recordImpact, runPlan, sumUpRun, sweepRuns } from './run-results.ts'
import { accountsOfOrders, pendingCount, pendingOrders } from './pipeline-reads.ts'
import {
  activeProfile, dueDeliveries, knownInvocations, packHeadPosition, packLedger, packStates, packsSince, pinnedPacks, profileCases, profileVersion, syncCursor, tenantStats,
} from './engine-reads.ts'
import { currentTables, eventsSince, packQuery, packRows, tablesCursor, tablesSkipped, tablesWhole } from './pack-reads.ts'
import { rowOutside } from './row-outside.ts'
import { profileDraft, profileDrafts, profileProposals, profileVersions, scheduledProfile } from './profile-reads.ts'
import type { TenantReader } from './tenant-reader.ts'
import { eventHash, eventRange, eventsAfter, eventsById, logHead, stateDigest, verifyLog } from './log-reads.ts'
import { countDeadLetters, listAccounts, listApprovals, listDeadLetters, listItems, listJobs, listOrganisation, keptRuns, listRejects, oneJob, openLetters, unfinishedJobs } from './work-lists.ts'

/** Everything that is read from a tenant, by name. Runs on the reader threads. */
export const readQueries = {
  'orders': listOrders,
  'order-counts': countOrders,
  'order': orderPage,
  'order-revision': orderRevision,
  'approvals': listApprovals,
  'dead-letters': listDeadLetters,
  'open-letters': openLetters,
  'count-dead-letters': countDeadLetters,
  'jobs': listJobs,
  'job': oneJob,
  'unfinished-jobs': unfinishedJobs,
  'kept-runs': keptRuns,
  'rejects': listRejects,
  'organisation': listOrganisation,
  'accounts': listAccounts,
  'items': listItems,
  'accounts-of-orders': accountsOfOrders,
  'pending-orders': pendingOrders,
  'pending-count': pendingCount,
  'replay-input': replayInput,
  'plan-run': planRun,
  'run-plan': runPlan,
  'extend-run-history': extendRunHistory,
  'impact-orders': impactOrders,
  'record-impact': recordImpact,
  'sum-up-run': sumUpRun,
  'impact-changes': impactChanges,
  'impact-order-input': impactOrderInput,
  'sweep-runs': sweepRuns,
  'log-head': logHead,
  'event-range': eventRange,
  'event-hash': eventHash,
  'events-after': eventsAfter,
  'events-by-id': eventsById,
  'events-since': eventsSince,
  'current-tables': currentTables,
  'tables-cursor': tablesCursor,
  'tables-skipped': tablesSkipped,
  'tables-whole': tablesWhole,
  'pack-rows': packRows,
  'row-outside': rowOutside,
  'pack-query': packQuery,
  'verify-log': verifyLog,
  'state-digest': stateDigest,
  'active-profile': activeProfile,
  'profile-version': profileVersion,
  'profile-versions': profileVersions,
  'profile-cases': profileCases,
  'scheduled-profile': scheduledProfile,
  'profile-proposals': profileProposals,
  'profile-drafts': profileDrafts,
  'profile-draft': profileDraft,
  'pack-states': packStates,
  'pack-ledger': packLedger,
  'pinned-packs': pinnedPacks,
  'packs-since': packsSince,
  'pack-head': packHeadPosition,
  'known-invocations': knownInvocations,
  'due-deliveries': dueDeliveries,
  'sync-cursor': syncCursor,
  'tenant-stats': tenantStats,
  'index-item-words': indexItemWords,
  'checkpoint': (reader: TenantReader): null => {
    reader.checkpoint()
    return null
  },
} as const

export type ReadQueries = typeof readQueries
export type ReadQueryName = keyof ReadQueries
export type ReadInput<N extends ReadQueryName> = Parameters<ReadQueries[N]> extends [unknown, infer Input] ? Input : Record<string, never>
export type ReadOutput<N extends ReadQueryName> = ReturnType<ReadQueries[N]>
