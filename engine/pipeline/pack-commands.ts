import { packCommandIdentity, payloadDigest, type DecidedCommand, type PackCommandResult } from '#engine/commands/index.ts'
import type { CommandDeclaration, DomainCommand, EventDeclaration, NewEvent } from '#engine/contracts/v1/index.ts'
import type { StepFailure } from '#engine/core/decisions/decision.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { ok, refuse, type Refusal, type Result } from '#engine/core/refusal.ts'
import type { EngineLog } from '#engine/engine.ts'
import { askedDomain, type AskedModule } from '#engine/packs/asked-module.ts'
import type { Composition, ModuleUse } from '#engine/packs/composition.ts'
import type { ModuleAnswer, PackHost } from '#engine/packs/pack-host.ts'
import type { ModuleFunction, ModuleFunctions } from '#engine/sandbox/module-functions.ts'
import { schemaProblem } from '#engine/profiles/json-schema.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import type { FoldRunner } from './fold-runner.ts'

export interface PackCommandPorts {
  readonly tenant: string
  readonly reader: ReaderPool
  readonly writer: WriterClient
  readonly host: PackHost
  readonly folds: Pick<FoldRunner, 'foldUpTo' | 'rows'>
  readonly log: EngineLog
  now(): number
  activeComposition(): Promise<Composition | null>
}

export interface GivenCommand {
  readonly pack: string
  readonly command: string
  readonly input: Readonly<Record<string, unknown>>
  /** What the events are about: a node of the organisation, and, for a reactor's command, the order and event that it reacts to. */
  readonly about: DecidedCommand['about']
}

/** How often a command is decided again because the pack's rows moved on under it. Commands of one pack stand in a queue: more is a bug. */
const MOST_TRIES = 5

/**
 * Commands of packs, each decided on rows that hold everything which was appended before. Those of one pack stand in a
 * queue; what they come to is in the pack's tables before the answer is given.
 */
export class PackCommands {
  readonly #ports: PackCommandPorts
  readonly #queues = new Map<string, Promise<unknown>>()

  constructor(ports: PackCommandPorts) {
    this.#ports = ports
  }

  /** Who gives the command has been let in already. Rejects where the pack host cannot be reached: nothing was done then. */
  run(given: GivenCommand, invocation: Invocation, lane: 'interactive' | 'bulk' = 'interactive'): Promise<Result<PackCommandResult>> {
    const turn = (this.#queues.get(given.pack) ?? Promise.resolve()).then(() => this.#decide(given, invocation, lane))
    const settled = turn.catch(() => undefined)
    this.#queues.set(given.pack, settled)
    void settled.then(() => { if (this.#queues.get(given.pack) === settled) this.#queues.delete(given.pack) })
    return turn
  }

  async #decide(given: GivenCommand, invocation: Invocation, lane: 'interactive' | 'bulk'): Promise<Result<PackCommandResult>> {
    const found = findCommand(await this.#ports.activeComposition(), given.pack, given.command)
    if (!found.ok) return found
    const { module, asked, declared } = found.value
    const wrong = schemaProblem(given.input, declared.input)
    if (wrong !== null) {
      return refuse('KS-PACK-INPUT', `${wrong.field === '' ? 'The input' : wrong.field} ${wrong.problem}.`, 'Correct it and try again.', { pack: given.pack, command: given.command, ...wrong })
    }
    const known = await this.#known(given, invocation)
    if (known !== null) {
      // It may have been cut off between its events and their fold.
      if (known.ok && lane === 'interactive') await this.#foldWhatWasAppended(module)
      return known
    }
    const question: DomainCommand = {
      name: given.command, input: given.input, id: ulidOf(invocation), at: new Date(this.#ports.now()).toISOString(), actor: actorOf(invocation), orgpath: given.about.orgpath,
    }
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const decided = await this.#ask(module, asked, question)
      if (!decided.ok) return decided
      const appended = await this.#ports.writer.run(this.#ports.tenant, 'append-pack-events', { ...given, ...decided.value }, invocation, lane)
      // The next of a reactor's commands folds what this one appended.
      if (appended.ok && lane === 'interactive') await this.#foldWhatWasAppended(module)
      if (appended.ok || appended.refusal.code !== 'KS-PACK-STALE') return appended
    }
    throw new Error(`${given.pack} moved on ${MOST_TRIES} times while ${given.command} was decided`)
  }

  /** What came of the same invocation before; null where it is new. */
  async #known({ pack, command, input }: GivenCommand, { id, actor }: Invocation): Promise<Result<PackCommandResult> | null> {
    const known = await this.#ports.reader.read(this.#ports.tenant, 'known-invocation', { id, actor: actor.id })
    if (known === null) return null
    return known.payload_digest === payloadDigest('append-pack-events', packCommandIdentity(pack, command, input))
      ? ok(JSON.parse(known.result) as PackCommandResult)
      : refuse('KS-INVOCATION-REUSED', 'The same invocation id came with another content.', 'Use a new id for a new command.', { invocation: id })
  }

  async #ask(module: ModuleUse, asked: AskedModule, command: DomainCommand): Promise<Result<Pick<DecidedCommand, 'after' | 'events'>>> {
    const { reader, tenant, folds } = this.#ports
    // Read before the rows: what is appended in between is found out when the events are written.
    const { position } = await reader.read(tenant, 'pack-head', { pack: module.pack })
    const tables = await folds.foldUpTo(module.pack)
    if (!tables.ok) return tables
    const keys = await this.#call(asked, 'needs', command.id, command)
    if (!keys.ok) return keys
    const rows = await folds.rows(tables.value, keys.value)
    const answer = await this.#call(asked, 'decide', command.id, { command, rows })
    if (!answer.ok) return answer
    if ('refused' in answer.value) {
      const { code, values } = answer.value.refused
      return refuse('KS-PACK-REFUSED', `${module.manifest.title} refuses this: ${code}.`, 'Look at what the pack says, then try again.', { ...values, pack: module.pack, code })
    }
    const events: DecidedCommand['events'][number][] = []
    for (const event of answer.value.events) {
      const checked = checkedEvent(module, event)
      if (!checked.ok) return checked
      events.push(checked.value)
    }
    return ok({ after: position, events })
  }

  async #call<F extends ModuleFunction>(asked: AskedModule, fn: F, subject: string, input: ModuleFunctions[F]['input']): Promise<Result<ModuleFunctions[F]['answer']>> {
    const [answer] = await this.#ports.host.call<ModuleFunction>(asked, [{ fn, subject, input } as never])
    if (answer === undefined) throw new Error('the pack host answered nothing')
    return answer.ok ? ok((answer as Extract<ModuleAnswer<F>, { ok: true }>).answer) : { ok: false, refusal: failureAsRefusal(answer.failure) }
  }

  /** The events are on disk, so the command counts, whatever becomes of the fold: that takes them up later. */
  async #foldWhatWasAppended(module: ModuleUse): Promise<void> {
    const { folds, log, tenant } = this.#ports
    await folds.foldUpTo(module.pack).catch((error: unknown) => log.warn({ error, tenant, pack: module.pack }, 'what a command appended could not be folded at once'))
  }
}

interface FoundCommand {
  readonly module: ModuleUse
  readonly asked: AskedModule
  readonly declared: CommandDeclaration
}

/** A command of a pack that the profile enables; refuses where there is none, or where the pack cannot be asked. */
export function findCommand(composition: Composition | null, pack: string, command: string): Result<FoundCommand> {
  const module = composition?.modules.find(each => each.pack === pack)
  const asked = composition === null || module === undefined ? null : askedDomain(composition, module)
  const declared = module?.manifest.commands?.find(({ name }) => name === command)
  if (asked !== null && asked.blocked !== null) return { ok: false, refusal: failureAsRefusal(asked.blocked) }
  const missing = composition?.unusable.find(each => each.pack === pack && each.contract === 'domain-module')
  if (module === undefined && missing !== undefined) return { ok: false, refusal: failureAsRefusal(missing) }
  if (module === undefined || asked === null || declared === undefined) {
    return refuse('KS-PACK-COMMAND-UNKNOWN', module === undefined ? `The profile enables no module ${pack}.` : `The pack ${pack} has no command ${command}.`,
      'Check both names; "keelson pack list" shows what runs.', { pack, command })
  }
  return ok({ module, asked, declared })
}

function failureAsRefusal({ pack, contract, code, message, remedy }: StepFailure): Refusal {
  return { code: code as Refusal['code'], message, remedy, values: { pack, contract } }
}

/** An event with whose its personal fields are; refuses one that its declaration does not describe. */
function checkedEvent(module: ModuleUse, { type, data }: NewEvent): Result<DecidedCommand['events'][number]> {
  const declared: EventDeclaration | undefined = module.manifest.emits?.find(each => each.type === type)
  const problem = declared === undefined ? { field: 'type', problem: 'is not declared' } : schemaProblem(data, declared.data)
  if (declared === undefined || problem !== null) {
    return wrongEvent(module, type, `${problem?.field ?? ''} ${problem?.problem ?? ''}`.trim())
  }
  const { personal } = declared
  if (personal === undefined) return ok({ type, data, personal: null })
  const subject = data[personal.subject]
  if (typeof subject !== 'string' || subject === '') return wrongEvent(module, type, `${personal.subject} names nobody`)
  return ok({ type, data, personal: { subject: `${module.pack}/${subject}`, fields: personal.fields } })
}

function wrongEvent({ pack, version }: ModuleUse, type: string, problem: string): Result<never> {
  return refuse('KS-PACK-EVENT', `${pack} ${version} gave an event ${type} that is not as it declares it: ${problem}.`, 'Tell the publisher of the pack; nothing was done.', { pack, type, problem })
}

/** The id of the invocation where that is a ULID, else one made of it: of the time of what caused it, where that has one. */
function ulidOf({ id, parentId }: Invocation): string {
  if (ULID.test(id)) return id
  const digits = [...Buffer.from(sha256Hex(id), 'hex')].map(byte => CROCKFORD.charAt(byte & 31)).join('')
  return `${parentId !== null && ULID.test(parentId) ? parentId.slice(0, 10) : '0000000000'}${digits.slice(0, 16)}`
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

function actorOf({ actor }: Invocation): DomainCommand['actor'] {
  return { id: actor.id, kind: actor.kind === 'system' ? 'engine' : actor.kind === 'pack' ? 'pack' : 'person' }
}
