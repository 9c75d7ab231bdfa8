import type { TFunction } from 'i18next'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Formatters } from '../app/format.ts'
import { packText } from '../app/pack-texts.ts'
import { plainName } from '../app/plain-name.ts'
import { usePackScreens, type PackUi } from '../app/pack-ui.tsx'
import type { QueryOutput } from '../app/queries.ts'
import { roleName } from '../app/role-names.ts'
import { useFormat } from '../app/use-format.ts'
import { Mark, type Tone } from './badge.tsx'
import classes from './profile-changes.module.css'
import { valueInWords, type ValueSpeech } from './value-in-words.ts'

export type ProfileChange = QueryOutput<'compare-profile-versions'>['changes'][number]
type Line = QueryOutput<'compare-profile-versions'>['lines'][number]

const TONES: Readonly<Record<ProfileChange['kind'], Tone>> = { added: 'ok', removed: 'bad', changed: 'info' }
/** Parts of a path that say nothing that those beside them do not. */
const SILENT = new Set(['capabilities', 'config'])
/** Sections whose entries the customer named, by how deep these names stand. */
const FREE: Readonly<Record<string, number>> = { integrations: 1, permissions: 1, roles: 1, attributes: 1, wording: 2 }

/** What differs between two profiles, one sentence each: "Approval › Limits: 1,000.00 → 2,500.00 EUR". */
export function ProfileChanges({ changes }: { changes: readonly ProfileChange[] }): ReactNode {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const { packs } = usePackScreens()
  const words = useMemo<Words>(() => ({ t, format, packs, locale: i18n.language }), [t, format, packs, i18n.language])
  if (changes.length === 0) return <p className="dim">{t('profile-versions:sameWords')}</p>
  return (
    <ul className={classes['changes']}>
      {changes.map(change => (
        <li key={`${change.path} ${change.code}`}>
          <Mark tone={TONES[change.kind]} />
          <span><strong><bdi>{titleOf(change, words)}</bdi></strong>{' '}<span className={classes['values']}>{sentenceOf(change, words)}</span></span>
        </li>
      ))}
    </ul>
  )
}

interface Words { readonly t: TFunction; readonly format: Formatters; readonly packs: readonly PackUi[]; readonly locale: string }

function sentenceOf(change: ProfileChange, words: Words): string {
  const { t } = words
  // The sentence about an amount has its currency already; who answers is named with the versions.
  const place = change.code.startsWith('amount-') ? change.at.slice(0, -1) : change.at
  const speech = speechOf(change, words)
  const shown = (raw: unknown, text: string | undefined): string => change.code.startsWith('pack-') ? text ?? '' : valueInWords(raw, place, speech)
  // Isolated: in a language that runs the other way the arrow would point from the later value to the earlier one.
  const apart = (text: string): string => `\u2068${text}\u2069`
  return t(`profile-versions:change.${change.code}`, { before: apart(shown(change.before, change.values['before'])), after: apart(shown(change.after, change.values['after'])), currency: change.values['currency'] ?? '' })
}

/** The way to what changed, in the person's language as far as there are words for it. */
function titleOf({ at, code, setting, title }: ProfileChange, words: Words): string {
  const keys = at.filter((key): key is string => typeof key === 'string')
  const until = code.startsWith('amount-') ? keys.slice(0, -1) : keys
  const own = setting === null ? until : until.slice(0, until.lastIndexOf('config'))
  const parts = own.flatMap((key, index) => SILENT.has(key) ? [] : [labelOf(own.slice(0, index + 1), words) ?? key])
  const inPack = setting === null ? [] : until.slice(until.lastIndexOf('config') + 1).map((key, index, path) => settingOf(setting.pack, path.slice(0, index + 1), words) ?? plainName(key))
  const all = [...parts, ...inPack]
  return all.length === 0 ? title : all.join(words.t('profile-editor:placeJoin'))
}

function labelOf(path: readonly string[], { t }: Words): string | null {
  const depth = FREE[path[0] === 'look' ? path[1] ?? '' : path[0] ?? '']
  const named = path.map((key, index) => depth === index ? '*' : key)
  // What the customer named is called by that name.
  if (depth === path.length - 1) return null
  return t(`profile-editor:label.${named.join('-')}`, { defaultValue: '' }) || null
}

/** The words of the forms, and of the pack for its settings, for the parts of what changed. */
function speechOf({ setting }: ProfileChange, words: Words): ValueSpeech {
  const { t, format, packs, locale } = words
  const named = (at: readonly (string | number)[]): string[] => at.filter(key => typeof key === 'string')
  const inPack = (keys: readonly string[]): readonly string[] => keys.slice(keys.lastIndexOf('config') + 1)
  return {
    t, format,
    label: at => (setting === null ? labelOf(named(at), words) : settingOf(setting.pack, inPack(named(at)), words)) ?? plainName(String(at.at(-1))),
    option(at, value) {
      const keys = named(at)
      if (keys.at(-1) === 'role' || (keys[0] === 'permissions' && keys.length === 2)) return roleName(String(value), t)
      if (setting === null) return t(`profile-editor:option.${keys.join('-')}-${value}`, { defaultValue: '' }) || String(value)
      return packText(setting.pack, `option.config.${[...inPack(keys), value].join('.')}`, {}, { locale, format, scale: null, texts: packs.find(each => each.pack === setting.pack)?.texts }) ?? String(value)
    },
  }
}

function settingOf(pack: string, path: readonly string[], { format, packs, locale }: Words): string | null {
  return packText(pack, `config.${path.join('.')}`, {}, { locale, format, scale: null, texts: packs.find(each => each.pack === pack)?.texts })
}

const SIGNS = { added: '+', removed: '−', same: ' ' } as const

/** Two texts line by line: what differs, with a few lines around it. */
export function ProfileDiff({ lines, cut }: { lines: readonly Line[]; cut: boolean }): ReactNode {
  const { t } = useTranslation()
  if (lines.length === 0) return <p className="dim">{t('profile-versions:sameText')}</p>
  return (
    <div className={classes['scroll']} dir="ltr" tabIndex={0} role="region" aria-label={t('profile-versions:diff')}>
      <table className={`code ${classes['diff'] ?? ''}`}>
        <tbody>
          {lines.map((line, index) => line.kind === 'gap'
            ? <tr key={index} data-kind="gap"><td colSpan={4}>⋯</td></tr>
            : (
              <tr key={index} data-kind={line.kind}>
                <td className={classes['number']}>{line.before}</td><td className={classes['number']}>{line.after}</td>
                <td>{SIGNS[line.kind]}{line.kind !== 'same' && <span className="sr-only">{t(`profile-versions:line.${line.kind}`)}</span>}</td>
                <td><pre>{line.text}</pre></td>
              </tr>
            ))}
        </tbody>
      </table>
      {cut && <p className="dim">{t('profile-versions:cut')}</p>}
    </div>
  )
}
