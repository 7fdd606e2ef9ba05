import type { ReactElement } from 'react'
import type { SystemHealth } from '../../../../src/core/contracts/api/system.ts'
import { systemTexts } from '../../text/system.ts'
import { useFormat } from '../../text/use-format.ts'
import { useText } from '../../text/use-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'

type Job = SystemHealth['jobs'][number]

/** What the scheduler runs: late or failed ones first. */
export function Jobs({ system }: { readonly system: SystemHealth }): ReactElement {
  const t = useText(systemTexts)
  const format = useFormat()
  const urgency = (job: Job) => (job.late ? 0 : job.last_ok === false ? 1 : 2)
  return (
    <Panel
      title={t('jobs_title')}
      note={
        <>
          {t('jobs_scheduler')}: <Said>{system.scheduler}</Said>
        </>
      }
    >
      <DataTable
        caption={t('jobs_title')}
        hideCaption
        rows={system.jobs.toSorted((a, b) => urgency(a) - urgency(b))}
        rowKey={({ name }) => name}
        empty={t('jobs_none')}
        columns={[
          {
            key: 'name',
            header: t('jobs_name'),
            rowHeader: true,
            sortValue: ({ name }) => name,
            cell: ({ name, error }) => (
              <>
                <Said>{name}</Said>
                {error !== null && (
                  <span className="note block">
                    <Said>{error}</Said>
                  </span>
                )}
              </>
            ),
          },
          { key: 'outcome', header: t('jobs_outcome'), cell: (job) => <Outcome job={job} /> },
          {
            key: 'last',
            header: t('jobs_last'),
            sortValue: ({ last_at }) => last_at,
            cell: ({ last_at }) => <span className="nowrap">{format.dateTime(last_at)}</span>,
          },
          {
            key: 'next',
            header: t('jobs_next'),
            sortValue: ({ next_at }) => next_at,
            cell: ({ next_at }) => <span className="nowrap">{format.dateTime(next_at)}</span>,
          },
        ]}
      />
    </Panel>
  )
}

function Outcome({ job }: { readonly job: Job }): ReactElement {
  const t = useText(systemTexts)
  return (
    <>
      {job.late && <Badge tone="bad">{t('jobs_late')}</Badge>}{' '}
      {job.last_ok === false && <Badge tone="bad">{t('jobs_failed')}</Badge>}
      {job.last_ok === true && !job.late && <Badge tone="good">{t('jobs_ok')}</Badge>}
      {job.last_ok === null && !job.late && (
        <Badge tone="neutral">{job.last_at === null ? t('jobs_never') : t('jobs_unknown')}</Badge>
      )}
    </>
  )
}
