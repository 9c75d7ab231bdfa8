import type { StepFailure } from '#engine/core/decisions/decision.ts'
import { AnswerError } from './answers/copy.ts'
import { failures } from './failures.ts'
import { type LoadedUse, type PackFunction, policyFunction } from './loaded-use.ts'
import type { Progress } from './progress.ts'
import { describeThrown } from './thrown.ts'

export type Asked<T> =
  | { readonly ok: true; readonly value: T; readonly text: string }
  | { readonly ok: false; readonly failure: StepFailure }

/** What each use answered, by its index: compared when the same is asked again. */
export type Trace = Map<number, string>

export interface Question<T> {
  readonly use: number
  /** Which function of the module; that of a policy where it is not said. */
  readonly name?: string
  /** Makes the input anew at each call: the pack may do with it what it likes. */
  readonly input: () => unknown
  /** The function takes its config and nothing else. */
  readonly configOnly?: boolean
  /** Copies the answer. Throws AnswerError. */
  readonly copy: (answer: unknown) => T
  /** Characters that the answer's JSON may have. */
  readonly longest: number
}

const MEASURED_EVERY = 8

/** Asks packs, and lets nothing out but a checked copy or a failure. */
export class Asker {
  trace: Trace | null = null
  /** Whether what is asked counts: what is asked again to compare does not. */
  counts = true
  /** How each use did so far. */
  readonly figures: { asked: number; failed: number; measured: number; ms: number; longestMs: number }[]
  readonly #uses: readonly (LoadedUse | null)[]
  readonly #progress: Progress

  constructor(uses: readonly (LoadedUse | null)[], progress: Progress) {
    this.#uses = uses
    this.#progress = progress
    this.figures = uses.map(() => ({ asked: 0, failed: 0, measured: 0, ms: 0, longestMs: 0 }))
  }

  use(index: number): LoadedUse {
    const loaded = this.#uses[index]
    if (loaded === null || loaded === undefined) throw new Error(`use ${index} was not loaded for this batch`)
    return loaded
  }

  ask<T>(question: Question<T>): Asked<T> {
    const asked = this.counts ? this.#measured(question) : this.#ask(question)
    this.trace?.set(question.use, asked.ok ? asked.text : `${asked.failure.code} ${asked.failure.message}`)
    return asked
  }

  /** One call in a few is measured: reading the clock costs as much as a small policy. */
  #measured<T>(question: Question<T>): Asked<T> {
    const figures = this.figures[question.use] as Asker['figures'][number]
    const measure = figures.asked++ % MEASURED_EVERY === 0
    const begun = measure ? performance.now() : 0
    const asked = this.#ask(question)
    if (!asked.ok) figures.failed++
    if (measure) {
      const ms = performance.now() - begun
      figures.measured++
      figures.ms += ms
      if (ms > figures.longestMs) figures.longestMs = ms
    }
    return asked
  }

  #ask<T>({ use: index, name, input, configOnly, copy, longest }: Question<T>): Asked<T> {
    const { use, functions, config, failure, trusted } = this.use(index)
    if (functions === null) return { ok: false, failure: failure as StepFailure }
    const ask = functions.get(name ?? policyFunction(use)) as PackFunction
    this.#progress.use(index)
    const fresh = trusted || configOnly === true ? null : input()
    let answer: unknown
    try {
      answer = configOnly === true ? ask(config) : ask(fresh, config)
    } catch (error) {
      return { ok: false, failure: failures.threw(use, describeThrown(error)) }
    }
    try {
      const value = copy(answer)
      const text = JSON.stringify(value)
      if (text.length > longest) throw new AnswerError('', `has ${text.length} characters; at most ${longest} are allowed`)
      return { ok: true, value, text }
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error
      return { ok: false, failure: failures.answer(use, error.message) }
    }
  }
}
