import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Badge, type Tone } from '../../components/badge.tsx'
import table from '../../components/table.module.css'
import { Code, Count } from '../../components/values.tsx'
import type { SiteStatus } from './site-problems.ts'

type PackState = SiteStatus['packs'][number]['state']

const PACK_TONES: Readonly<Record<PackState, Tone>> = { ready: 'ok', missing: 'bad', modified: 'bad', revoked: 'bad', quarantined: 'bad', disabled: 'warn' }
const SHORT_DIGEST = 12

export function PacksTable({ status }: { status: SiteStatus }): ReactNode {
  const { t } = useTranslation()
  const { session } = useTenant()
  if (status.packs.length === 0) return <p className="dim">{t('site-status:packs.none')}</p>
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('site-status:packs.title')}>
      <table className={table['table']}>
        <thead><tr>
          <th scope="col">{t('site-status:packs.pack')}</th><th scope="col">{t('site-status:tenant')}</th><th scope="col">{t('site-status:packs.state')}</th>
          <th scope="col">{t('site-status:packs.version')}</th><th scope="col">{t('site-status:packs.contracts')}</th>
          <th scope="col" className={table['end']}>{t('site-status:packs.incidents')}</th><th scope="col" className={table['end']}>{t('site-status:packs.deadLetters')}</th><th scope="col">{t('site-status:packs.digest')}</th>
        </tr></thead>
        <tbody>
          {status.packs.map(pack => (
            <tr key={`${pack.tenant} ${pack.pack}`} data-tone={pack.state === 'ready' ? undefined : PACK_TONES[pack.state]}>
              <th scope="row"><bdi>{pack.title}</bdi></th>
              <td><Code>{pack.tenant}</Code></td>
              <td><Badge tone={PACK_TONES[pack.state]}>{t(`site-status:packState.${pack.state}`)}</Badge>{pack.reason !== null && <div className="small dim">{pack.reason}</div>}</td>
              <td><Code>{pack.version}</Code></td>
              <td>{pack.contracts.map(contract => <div key={contract}><Code quiet>{contract}</Code></div>)}</td>
              <td className={table['end']}><Count value={pack.incidents} /></td>
              <td className={table['end']}>{pack.openDeadLetters > 0 && session.tenants.some(each => each.tenant === pack.tenant)
                ? <Link to="/t/$tenant/failures" params={{ tenant: pack.tenant }} search={{ pack: pack.pack }}><Count value={pack.openDeadLetters} /></Link>
                : <Count value={pack.openDeadLetters} />}</td>
              <td title={pack.digest}><Code quiet>{pack.digest.slice(0, SHORT_DIGEST)}</Code></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const HOST_TONES = { idle: 'neutral', running: 'ok', restarting: 'warn' } as const satisfies Record<SiteStatus['packHosts'][number]['state'], Tone>

export function PackHostsTable({ status }: { status: SiteStatus }): ReactNode {
  const { t } = useTranslation()
  if (status.packHosts.length === 0) return <p className="dim">{t('site-status:hosts.none')}</p>
  return (
    <div className={table['scroll']}>
      <table className={table['table']} style={{ maxWidth: '44rem' }}>
        <thead><tr><th scope="col">{t('site-status:tenant')}</th><th scope="col">{t('site-status:packs.state')}</th><th scope="col" className={table['end']}>{t('site-status:hosts.generation')}</th><th scope="col" className={table['end']}>{t('site-status:hosts.restarts')}</th></tr></thead>
        <tbody>
          {status.packHosts.map(host => (
            <tr key={host.tenant} data-tone={host.state === 'restarting' ? 'warn' : undefined}>
              <th scope="row"><Code>{host.tenant}</Code></th>
              <td><Badge tone={HOST_TONES[host.state]}>{t(`site-status:hosts.${host.state}`)}</Badge></td>
              <td className={table['end']}><Count value={host.generation} /></td>
              <td className={table['end']}><Count value={host.restarts} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function TenantsTable({ status }: { status: SiteStatus }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('site-status:tenants.title')}>
      <table className={table['table']}>
        <thead><tr>
          <th scope="col">{t('site-status:tenant')}</th><th scope="col" className={table['end']}>{t('site-status:tenants.orders')}</th><th scope="col" className={table['end']}>{t('site-status:tenants.events')}</th>
          <th scope="col" className={table['end']}>{t('site-status:tenants.epoch')}</th><th scope="col" className={table['end']}>{t('site-status:tenants.pending')}</th>
          <th scope="col" className={table['end']}>{t('site-status:tenants.size')}</th><th scope="col" className={table['end']}>{t('site-status:tenants.wal')}</th><th scope="col">{t('site-status:tenants.head')}</th>
        </tr></thead>
        <tbody>
          {status.tenants.map(tenant => (
            <tr key={tenant.tenant}>
              <th scope="row"><Code>{tenant.tenant}</Code></th>
              <td className={table['end']}><Count value={tenant.orders} /></td>
              <td className={table['end']}><Count value={tenant.sequence} /></td>
              <td className={table['end']}><Count value={tenant.epoch} /></td>
              <td className={table['end']}><Count value={tenant.pending} /></td>
              <td className={table['end']}><bdi className="num">{format.bytes(tenant.databaseBytes)}</bdi></td>
              <td className={table['end']}><bdi className="num">{format.bytes(tenant.walBytes)}</bdi></td>
              <td title={tenant.headHash}><Code quiet>{tenant.headHash.slice(0, SHORT_DIGEST)}</Code></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
