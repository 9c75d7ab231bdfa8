import { FileInput, Radio, Select } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery, type CommandInput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { RefusalAlert } from '../../components/refusal.tsx'
import { Code } from '../../components/values.tsx'
import classes from './impact.module.css'
import type { StartSearch } from './routes.tsx'

export type CandidateInput = CommandInput<'start-impact'>['candidate']
type Way = 'draft' | 'file' | 'pack'

/** What to compare with: a draft, a file, or another version of a pack. Packs of media come by a link of the install. */
export function CandidateFields({ tenant, given, onCandidate }: { tenant: string; given: StartSearch; onCandidate: (candidate: CandidateInput | null) => void }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const drafts = useEngineQuery('profile-drafts', { tenant }, { enabled: may('profiles.edit') })
  const [way, setWay] = useState<Way>(given.packs !== undefined ? 'pack' : given.draft !== undefined || may('profiles.edit') ? 'draft' : 'file')
  const choose = (next: Way): void => {
    setWay(next)
    onCandidate(null)
  }
  return (
    <fieldset className={classes['fieldset']}>
      <legend>{t('impact:candidate.label')}</legend>
      <Radio.Group value={way} onChange={value => { choose(value as Way) }} aria-label={t('impact:candidate.label')}>
        <div className={classes['choices']}>
          {may('profiles.edit') && <Radio value="draft" label={t('impact:candidate.draft')} />}
          <Radio value="pack" label={t('impact:candidate.pack')} />
          <Radio value="file" label={t('impact:candidate.file')} />
        </div>
      </Radio.Group>
      {way === 'draft' && <DraftField tenant={tenant} drafts={drafts.data?.rows ?? []} given={given.draft} onCandidate={onCandidate} />}
      {way === 'pack' && <PackField given={given} onCandidate={onCandidate} />}
      {way === 'file' && <FileField onCandidate={onCandidate} />}
      <RefusalAlert error={drafts.error} />
    </fieldset>
  )
}

interface Draft { readonly id: string; readonly title: string; readonly changedAt: string }

function DraftField({ tenant, drafts, given, onCandidate }: { tenant: string; drafts: readonly Draft[]; given: string | undefined; onCandidate: (candidate: CandidateInput | null) => void }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const [chosen, setChosen] = useState(given ?? null)
  const draftId = chosen ?? drafts[0]?.id ?? null
  const draft = useEngineQuery('profile-draft', { tenant, draftId: draftId ?? '' }, { enabled: draftId !== null, staleMs: 0 })
  const source = draft.data?.source
  useEffect(() => { onCandidate(source === undefined ? null : { document: source }) }, [source, onCandidate])
  if (drafts.length === 0 && given === undefined) return <p className={`dim ${classes['plain']}`}>{t('impact:candidate.noDraft')}</p>
  return (
    <>
      <Select label={t('impact:candidate.whichDraft')} className={classes['field']} allowDeselect={false} value={draftId} onChange={setChosen}
        data={drafts.map(each => ({ value: each.id, label: t('impact:candidate.draftOf', { title: each.title, at: format.dateTime(each.changedAt) }) }))} />
      <RefusalAlert error={draft.error} />
    </>
  )
}

function PackField({ given: { packs, media }, onCandidate }: { given: StartSearch; onCandidate: (candidate: CandidateInput | null) => void }): ReactNode {
  const { t } = useTranslation()
  const known = useEngineQuery('packs', {}, { enabled: packs === undefined })
  const [chosen, setChosen] = useState<string | null>(null)
  const names = packs?.join(',') ?? chosen
  useEffect(() => {
    if (names === null) return onCandidate(null)
    const wanted = names.split(',').map(name => {
      const [pack = '', version] = name.split('@')
      return version === undefined ? { pack } : { pack, version }
    })
    onCandidate({ packs: wanted, ...(media === undefined ? {} : { media }) })
  }, [names, media, onCandidate])
  if (packs !== undefined) {
    return <p className={classes['plain']}>{packs.map(name => <Code key={name}>{name.replace('@', ' ')} </Code>)}{media !== undefined && <>{t('impact:candidate.ofMedia')} <Code quiet>{media}</Code></>}</p>
  }
  return (
    <>
      <Select label={t('impact:candidate.whichPack')} className={classes['field']} searchable value={chosen} onChange={setChosen} nothingFoundMessage={t('impact:candidate.noPack')}
        data={(known.data ?? []).map(({ id, version, title }) => ({ value: `${id}@${version}`, label: `${title} ${version}` }))} />
      <p className="dim small">{t('impact:candidate.mediaHint')}</p>
      <RefusalAlert error={known.error} />
    </>
  )
}

function FileField({ onCandidate }: { onCandidate: (candidate: CandidateInput | null) => void }): ReactNode {
  const { t } = useTranslation()
  const take = (file: File | null): void => {
    if (file === null) onCandidate(null)
    else void file.text().then(document => { onCandidate({ document }) })
  }
  return <FileInput label={t('impact:candidate.whichFile')} placeholder={t('impact:candidate.filePlaceholder')} className={classes['field']} accept=".yaml,.yml,.json" clearable leftSection={<IconUpload size={14} />} onChange={take} />
}
