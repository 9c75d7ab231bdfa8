import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts, Section } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { saveFile } from '../../components/save-file.ts'
import table from '../../components/table.module.css'
import { Code, Count, Digest } from '../../components/values.tsx'
import classes from './settings.module.css'

/** As the engine calls what answers where a profile names a default. */
const CORE = 'keelson'

/** The profile that is active: what answers each capability, and the document it comes from. To read, not to edit. */
export function ProfileView(): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const profile = useEngineQuery('profile', { tenant })
  if (profile.data === undefined) {
    return profile.error === null ? <LoadingLines /> : <ErrorState error={profile.error} onRetry={() => { void profile.refetch() }} />
  }
  const { version, digest, source, title, capabilities } = profile.data
  return (
    <>
      <Section title={t('settings:profile.title')}>
        <Facts items={[
          [t('settings:profile.name'), <bdi key="title">{title}</bdi>],
          [t('settings:profile.version'), <Count key="version" value={version} />],
          [t('settings:profile.digest'), <Digest key="digest" value={digest} />],
        ]} />
      </Section>
      <Section title={t('settings:profile.capabilities')}>
        <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('settings:profile.capabilities')}>
          <table className={table['table']}>
            <thead><tr><th scope="col">{t('settings:profile.capability')}</th><th scope="col">{t('settings:profile.answeredBy')}</th><th scope="col">{t('settings:profile.packVersion')}</th><th scope="col">{t('settings:profile.config')}</th></tr></thead>
            <tbody>
              {capabilities.map((each, index) => (
                <tr key={index}>
                  <th scope="row">{t(`settings:capability.${each.capability}`, { defaultValue: each.capability })}</th>
                  <td>{each.pack === null || each.pack === CORE ? t('settings:profile.core') : <Code>{each.pack}</Code>}</td>
                  <td>{each.packVersion === null ? '–' : <Code>{each.packVersion}</Code>}</td>
                  <td><Config value={each.config} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      <Section title={t('settings:profile.source')} aside={<Button variant="default" leftSection={<IconDownload size={14} />} onClick={() => { saveFile(`${tenant}-profile-${version}.yaml`, [source], 'application/yaml') }}>{t('settings:profile.save')}</Button>}>
        <div className={`code ${classes['source'] ?? ''}`} dir="ltr" tabIndex={0} role="region" aria-label={t('settings:profile.source')}>
          <ol>{source.trimEnd().split('\n').map((line, index) => <li key={index}>{line}</li>)}</ol>
        </div>
      </Section>
    </>
  )
}

/** Settings one a line, each under its whole name. */
function Config({ value }: { value: unknown }): ReactNode {
  const entries = flat(value, '')
  if (entries.length === 0) return '–'
  return (
    <dl className={`code ${classes['config'] ?? ''}`} dir="ltr">
      {entries.map(([name, text]) => <Fragment key={name}><dt>{name}</dt><dd>{text}</dd></Fragment>)}
    </dl>
  )
}

function flat(value: unknown, name: string): (readonly [string, string])[] {
  if (value === null || value === undefined) return name === '' ? [] : [[name, '–']]
  if (typeof value !== 'object') return [[name, JSON.stringify(value)]]
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, name === '' ? key : `${name}.${key}`))
}
