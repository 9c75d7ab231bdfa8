/**
 * Signed media: a folder or stick that is an offline TUF repository. Everything here is pure: bytes and a trust state in,
 * an answer and the next trust state out. No socket, no clock of its own, nothing written.
 *
 * - Trust: `newTrust(productRoot)`, `withProductRoot` at each start, `addRoot(trust, root, fingerprint, nameSpace)` after a
 *   person compared the fingerprint, `removeRoot`, `ageOf`. The state is plain data (`trustStateSchema`); the caller keeps it.
 * - Reading: `inspectMedia(source, { clock })` before anybody trusts it; `openMedia(source, trust, { clock, acceptExpired? })`
 *   → `{ media, trust }`; `readTarget(source, target)` → `{ pack, bytes }`; `revokes(revocation, pack)`.
 *   A source is `folderSource(path)`, or `memorySource(files)` for what was dropped into the window.
 * - Refusals: `MEDIA_REFUSALS` lists every `KS-MEDIA-…` and `KS-TRUST-…` with its sentence and remedy.
 *
 * Keep the new trust state before acting on the media: it is what refuses older media from then on.
 */
export { MEDIA_REFUSALS, mediaRefusal, type MediaRefusalCode } from './refusals.ts'
export { folderSource, memorySource, type MediaSource } from './media-source.ts'
export { type NameSpace } from './name-space.ts'
export { addRoot, ageOf, fingerprintOfRoot, newTrust, removeRoot, trustStateSchema, withProductRoot, type TrustAge, type TrustedRoot, type TrustState } from './trust-state.ts'
export { inspectMedia, openMedia, readTarget, revokes, type AcceptExpired, type Media, type MediaTarget, type Revocation, type UntrustedMedia } from './open-media.ts'
