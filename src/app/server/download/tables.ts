import type { Stations } from '../../../core/contracts/api/city.ts'
import type { AnswerOf } from '../../../core/contracts/api/routes.ts'
import type { RouteName } from '../../../core/contracts/api/route-paths.ts'
import { stateTable, stationTable, topTable } from './city-tables.ts'
import { chartsTable, historyTable, plansTable, planTable } from './record-tables.ts'
import type { TableColumn } from './table.ts'

/** The rows that a view is downloaded as. */
export function tableOf(name: RouteName, answer: unknown, stations: Stations | undefined): TableColumn[] {
  switch (name) {
    case 'state':
      if (!stations) throw new Error('the state is downloaded with its stations')
      return stateTable(answer as AnswerOf<'state'>, stations)
    case 'top':
      return topTable(answer as AnswerOf<'top'>)
    case 'station':
      return stationTable(answer as AnswerOf<'station'>)
    case 'model':
      return chartsTable((answer as AnswerOf<'model'>).charts)
    case 'system':
      return chartsTable((answer as AnswerOf<'system'>).charts)
    case 'releases':
      return historyTable((answer as AnswerOf<'releases'>).history)
    case 'plans':
      return plansTable((answer as AnswerOf<'plans'>).plans)
    case 'plan':
      return planTable((answer as AnswerOf<'plan'>).plan)
    default:
      throw new Error(`${name} has no download`)
  }
}
