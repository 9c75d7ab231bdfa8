import { packCommandIdentity, payloadDigest, type DecidedCommand, type DecidedInvocation, type PackCommandResult } from '#engine/commands/index.ts'
import type { CommandDeclaration, DomainCommand, EventDeclaration, NewEvent, RowKey } from '#engine/contracts/v1/index.ts'
import { failureAsRefusal } from '#engine/core/decisions/failure-as-refusal.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { EngineLog } from '#engine/engine.ts'
import { askedDomain, askedFold, type AskedModule } from '#engine/packs/asked-module.ts'
import type { Composition, ModuleUse } from '#engine/packs/composition.ts'
import type { ModuleAnswer, ModuleQuestion, PackHost } from '#engine/packs/pack-host.ts'
import { schemaProblem } from '#engine/profiles/json-schema.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import { CommandReach, viewsOf } from './command-reach.ts'
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

/** A command with who gives it; that they may has been decided already. */
export interface CommandCall {
  readonly given: GivenCommand
  readonly invocation: Invocation
  /** Nodes of the organisation that they may give it for, each with all below it; null: all of it. */
  readonly nodes: readonly string[] | null
}

/** How often commands are decided again because the pack's rows moved on under them. Commands of one pack stand in a queue: more is a bug. */
const MOST_TRIES = 5

type Lane = 'interactive' | 'bulk'

interface Asked {
  readonly at: number
  readonly call: CommandCall
  readonly question: DomainCommand
  /** Texts of the keys of the rows that it is decided on. */
  readonly needs: ReadonlyMap<string, RowKey>
}

/** What a command came to: events to append, or its answer. */
interface Decided {
  readonly asked: Asked
  readonly outcome: Result<DecidedCommand['events']>
}

/**
 * Commands of packs, each decided on rows that hold everything which was appended before. Those of one pack stand in a
 * queue; what they come to is in the pack's tables before the answer is given.
 */
export class PackCommands {
  readonly #ports: PackCommandPorts
  readonly #reach: CommandReach
  readonly #queues = new Map<string, Promise<unknown>>()

  constructor(ports: PackCommandPorts) {
    this.#ports = ports
    this.#reach = new CommandReach(ports)
  }

  /** Rejects where the pack host cannot be reached: nothing was done then. */
  async run(call: CommandCall): Promise<Result<PackCommandResult>> {
    const { pack } = call.given
    const [result] = await this.#inQueue(pack, () => this.#runAll(pack, [call], 'interactive'))
    return result as Result<PackCommandResult>
  }

  /** Commands of one pack in the background, with their results in their order. What they append is folded when it is next looked at. */
  runAll(pack: string, calls: readonly CommandCall[]): Promise<readonly Result<PackCommandResult>[]> {
    return this.#inQueue(pack, () => this.#runAll(pack, calls, 'bulk'))
  }

  #inQueue<T>(pack: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#queues.get(pack) ?? Promise.resolve()).then(work)
    const settled = turn.catch(() => undefined)
    this.#queues.set(pack, settled)
    void settled.then(() => { if (this.#queues.get(pack) === settled) this.#queues.delete(pack) })
    return turn
  }

  async #runAll(pack: string, calls: readonly CommandCall[], lane: Lane): Promise<readonly Result<PackCommandResult>[]> {
    const results = new Map<number, Result<PackCommandResult>>()
    const composition = await this.#ports.activeComposition()
    const known = await this.#ports.reader.read(this.#ports.tenant, 'known-invocations', { invocations: calls.map(({ invocation: { id, actor } }) => ({ id, actor: actor.id })) })
    let open: Omit<Asked, 'needs'>[] = []
    let module: ModuleUse | null = null
    for (const [at, call] of calls.entries()) {
      const found = findCommand(composition, pack, call.given.command)
      const before = known[at] ?? null
      const settled = !found.ok ? found : before !== null ? knownResult(call, before) : checkedInput(found.value.declared, call.given)
      if (found.ok) module = found.value.module
      if (settled !== null) results.set(at, settled)
      else open.push({ at, call, question: questionOf(call, this.#ports.now()) })
    }
    for (let stale = 0; open.length > 0;) {
      const settled = await this.#wave(module as ModuleUse, composition as Composition, open, lane)
      if (settled === null) {
        if (++stale === MOST_TRIES) throw new Error(`${pack} moved on ${MOST_TRIES} times while its commands were decided`)
        continue
      }
      for (const [at, result] of settled) results.set(at, result)
      open = open.filter(({ at }) => !settled.has(at))
    }
    // A known one may have been cut off between its events and their fold.
    if (module !== null && lane === 'interactive' && [...results.values()].some(({ ok: done }) => done)) await this.#foldWhatWasAppended(module)
    return calls.map((_, at) => results.get(at) as Result<PackCommandResult>)
  }

  /** Decides the first of the open commands, and those after it up to one that depends on another before it; null where the pack moved on under them. */
  async #wave(module: ModuleUse, composition: Composition, open: readonly Omit<Asked, 'needs'>[], lane: Lane): Promise<ReadonlyMap<number, Result<PackCommandResult>> | null> {
    const { reader, tenant, folds, writer } = this.#ports
    const settled = new Map<number, Result<PackCommandResult>>()
    // Read before the rows: what is appended in between is found out when the events are written.
    const { position } = await reader.read(tenant, 'pack-head', { pack: module.pack })
    const tables = await folds.foldUpTo(module.pack)
    if (!tables.ok) return new Map(open.map(({ at }) => [at, tables]))
    const asked = askedDomain(composition, module) as AskedModule
    const apart = await this.#apart(asked, open, settled)
    const keys = new Map(apart.flatMap(({ needs }) => [...needs]))
    const rows = new Map((await folds.rows(tables.value, [...keys.values()])).map((row, i) => [[...keys.keys()][i], row]))
    const wave: Asked[] = []
    for (const each of apart) {
      const beyond = await this.#reach.beyond(each.call, tables.value, [...each.needs.values()], [...each.needs.keys()].map(key => rows.get(key) ?? null))
      if (beyond === null) wave.push(each)
      else settled.set(each.at, beyond)
    }
    const answers = await this.#ports.host.call(asked, wave.map(({ call, question, needs }): ModuleQuestion<'decide'> =>
      ({ fn: 'decide', subject: call.invocation.id, input: { command: question, rows: [...needs.keys()].map(key => rows.get(key) ?? null) } })))
    const decided = await this.#inOrder(module, wave.map((each, i) => ({ asked: each, outcome: outcomeOf(module, answers[i] as ModuleAnswer<'decide'>) })))
    const accepted: (DecidedInvocation & { readonly at: number })[] = []
    for (const { asked: { at, call, question }, outcome } of decided) {
      const refused = outcome.ok ? await this.#reach.changeBeyond(module, call, tables.value, viewsOf(question, outcome.value)) : outcome
      if (refused === null && outcome.ok) accepted.push({ at, decided: { ...call.given, events: outcome.value }, invocation: call.invocation })
      else settled.set(at, refused as Result<never>)
    }
    const appended = accepted.length === 0 ? null : await this.#append(module.pack, position, accepted, lane, writer)
    if (appended !== null && !appended.ok) {
      if (appended.refusal.code === 'KS-PACK-STALE') return null
      return new Map(open.map(({ at }) => [at, appended]))
    }
    for (const [i, { at }] of accepted.entries()) settled.set(at, appended?.value[i] as Result<PackCommandResult>)
    return settled
  }

  async #append(pack: string, after: number, commands: readonly DecidedInvocation[], lane: Lane, writer: WriterClient): Promise<Result<readonly Result<PackCommandResult>[]>> {
    const [only] = commands
    if (commands.length === 1 && only !== undefined) {
      const result = await writer.run(this.#ports.tenant, 'append-pack-events', { ...only.decided, after }, only.invocation, lane)
      return !result.ok && result.refusal.code === 'KS-PACK-STALE' ? result : ok([result])
    }
    const all = await writer.run(this.#ports.tenant, 'append-all-pack-events', {
      pack, after, commands: commands.map(({ decided, invocation }) => ({ decided, invocation })),
    }, (only as DecidedInvocation).invocation, lane)
    return all.ok ? ok(all.value.results) : all
  }

  /** The first of them, up to one that looks at a row of another before it; what the pack fails to say of its needs settles a command. */
  async #apart(asked: AskedModule, open: readonly Omit<Asked, 'needs'>[], settled: Map<number, Result<PackCommandResult>>): Promise<Asked[]> {
    const answers = await this.#ports.host.call(asked, open.map(({ call, question }): ModuleQuestion<'needs'> => ({ fn: 'needs', subject: call.invocation.id, input: question })))
    const looked = new Set<string>()
    const wave: Asked[] = []
    for (const [i, each] of open.entries()) {
      const answer = answers[i] as ModuleAnswer<'needs'>
      if (!answer.ok) {
        settled.set(each.at, { ok: false, refusal: failureAsRefusal(answer.failure) })
        continue
      }
      const needs = new Map(answer.answer.map(key => [JSON.stringify(key), key]))
      if ([...needs.keys()].some(key => looked.has(key))) break
      wave.push({ ...each, needs })
      for (const key of needs.keys()) looked.add(key)
    }
    return wave
  }

  /** The first of them, up to one that was decided on a row which the events of one before it change. */
  async #inOrder(module: ModuleUse, decided: readonly Decided[]): Promise<readonly Decided[]> {
    if (decided.length < 2) return decided
    const views = decided.flatMap(({ asked: { question }, outcome }, of) => viewsOf(question, outcome.ok ? outcome.value : []).map(view => ({ of, view })))
    const answers = await this.#ports.host.call(askedFold(module) as AskedModule, views.map(({ view }): ModuleQuestion<'keys'> => ({ fn: 'keys', subject: view.id, input: view })))
    const changed = new Set<string>()
    const sound: Decided[] = []
    for (const [of, each] of decided.entries()) {
      if ([...each.asked.needs.keys()].some(key => changed.has(key))) break
      sound.push(each)
      const own = answers.filter((_, i) => views[i]?.of === of)
      for (const answer of own) if (answer.ok) for (const key of answer.answer) changed.add(JSON.stringify(key))
      // What cannot be said to change nothing may change everything.
      if (own.some(answer => !answer.ok)) break
    }
    return sound
  }

  /** The events are on disk, so the command counts, whatever becomes of the fold: that takes them up later. */
  async #foldWhatWasAppended(module: ModuleUse): Promise<void> {
    const { folds, log, tenant } = this.#ports
    await folds.foldUpTo(module.pack).catch((error: unknown) => log.warn({ error, tenant, pack: module.pack }, 'what a command appended could not be folded at once'))
  }
}

function questionOf({ given: { command: name, input, about }, invocation }: CommandCall, now: number): DomainCommand {
  return { name, input, id: ulidOf(invocation), at: new Date(now).toISOString(), actor: actorOf(invocation), orgpath: about.orgpath }
}

/** A refusal where the input is not as the command declares it. */
function checkedInput({ input: schema }: CommandDeclaration, { pack, command, input }: GivenCommand): Result<never> | null {
  const wrong = schemaProblem(input, schema)
  return wrong === null ? null
    : refuse('KS-PACK-INPUT', `${wrong.field === '' ? 'The input' : wrong.field} ${wrong.problem}.`, 'Correct it and try again.', { pack, command, ...wrong })
}

/** What came of the same invocation before. */
function knownResult({ given: { pack, command, input }, invocation: { id } }: CommandCall, known: { readonly payload_digest: string; readonly result: string }): Result<PackCommandResult> {
  return known.payload_digest === payloadDigest('append-pack-events', packCommandIdentity(pack, command, input))
    ? ok(JSON.parse(known.result) as PackCommandResult)
    : refuse('KS-INVOCATION-REUSED', 'The same invocation id came with another content.', 'Use a new id for a new command.', { invocation: id })
}

function outcomeOf(module: ModuleUse, answer: ModuleAnswer<'decide'>): Result<DecidedCommand['events']> {
  if (!answer.ok) return { ok: false, refusal: failureAsRefusal(answer.failure) }
  if ('refused' in answer.answer) {
    const { code, values } = answer.answer.refused
    return refuse('KS-PACK-REFUSED', `${module.manifest.title} refuses this: ${code}.`, 'Look at what the pack says, then try again.', { ...values, pack: module.pack, code })
  }
  const events: DecidedCommand['events'][number][] = []
  for (const event of answer.answer.events) {
    const checked = checkedEvent(module, event)
    if (!checked.ok) return checked
    events.push(checked.value)
  }
  return ok(events)
}

interface FoundCommand {
  readonly module: ModuleUse
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
  return ok({ module, declared })
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
