import type { SystemHealth } from '../../../core/contracts/api/system.ts'
import type { EpochSeconds } from '../../../core/time.ts'
import { sloReport } from '../../../operations/slo/slo-report.ts'
import type { CitySource } from '../city-source.ts'
import { endpointStatuses } from './endpoint-statuses.ts'
import { cacheOf, kept } from './read-cache.ts'

/** A month's figures are taken anew this often. */
const STEP_SECONDS = 600

/** The objectives of the month of `at`, until then: availability and quality of each prod endpoint, and the feed's freshness. */
export async function budgetsAt(source: CitySource, at: EpochSeconds): Promise<SystemHealth['budget']> {
  // Without a host that can be asked there is no endpoint to judge.
  const token = [...(await endpointStatuses(source)).keys()].join()
  const step = Math.floor(at / STEP_SECONDS) * STEP_SECONDS
  return kept(cacheOf(source).answers, `budget/${step}`, token, async () => {
    if (token === '') return []
    const { platform, info, config } = source
    const report = await sloReport(platform, { city: info.city, now: at, namespace: config.cw_custom_ns })
    return [
      ...report.endpoints.flatMap(({ endpoint, availability: a, quality }) => [
        {
          name: `${endpoint} availability`,
          objective: a.objective,
          value: a.availability,
          left: a.budget_minutes && a.left_minutes !== null ? a.left_minutes / a.budget_minutes : null,
        },
        ...quality.map((one) => budgetOf(`${endpoint} ${one.name}`, one.objective, one.good_share)),
      ]),
      budgetOf('ingest within 3 min', report.freshness.objective, report.freshness.share),
    ]
  })
}

function budgetOf(name: string, objective: number, value: number | null): SystemHealth['budget'][number] {
  return { name, objective, value, left: value === null ? null : 1 - (1 - value) / (1 - objective) }
}
