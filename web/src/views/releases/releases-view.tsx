import type { ReactElement } from 'react'
import type { Releases } from '../../../../src/core/contracts/api/releases.ts'
import { useApi } from '../../api/queries.ts'
import { useCityParams } from '../../api/use-city.ts'
import { useViewState } from '../../state/view-state.ts'
import { releasesTexts } from '../../text/releases.ts'
import { useText } from '../../text/use-text.ts'
import { Async } from '../../ui/async.tsx'
import { ViewHead } from '../../ui/view-head.tsx'
import { ActionButton } from '../actions/action-button.tsx'
import { Active } from './active.tsx'
import { AtSlider } from './at-slider.tsx'
import { Gate } from './gate.tsx'
import { History } from './history.tsx'
import { Incidents, Waivers } from './incidents.tsx'
import { Recent } from './recent.tsx'
import './releases.css'
import { Serving } from './serving.tsx'

/** What serves, what is being released, and what an operator may do about it. */
export function ReleasesView(): ReactElement {
  const t = useText(releasesTexts)
  const [{ at }] = useViewState()
  const query = useApi('releases', useCityParams(), { at })
  return (
    <div className="view view-releases">
      <ViewHead title={t('title')} lead={t('lead')}>
        {query.data !== undefined && <Actions releases={query.data} />}
      </ViewHead>
      <AtSlider />
      <Async query={query} height={600}>
        {(releases) => (
          <>
            <Serving releases={releases} />
            <Active releases={releases} />
            <Gate />
            <div className="panels">
              <Incidents releases={releases} />
              <Waivers releases={releases} />
            </div>
            <Recent recent={releases.recent} />
            <History releases={releases} />
          </>
        )}
      </Async>
    </div>
  )
}

function Actions({ releases }: { readonly releases: Releases }): ReactElement {
  const prod = releases.serving.filter(({ stage }) => stage === 'prod')
  const endpoints = Object.fromEntries(prod.map(({ target, endpoint }) => [target, endpoint]))
  return (
    <>
      <ActionButton start={{ action: 'promote', endpoints }} asOf={releases.as_of} />
      <ActionButton start={{ action: 'rollback', endpoints }} asOf={releases.as_of} kind="danger" />
    </>
  )
}
