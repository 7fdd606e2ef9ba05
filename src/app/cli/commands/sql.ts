import type { CommandModule } from '../command.ts'
import { runSql } from '../../../data/lake/views.ts'
import { addExamples } from '../options.ts'
import { textTable } from '../table.ts'

/** `bikeshare sql`. */
export const command: CommandModule = {
  build(command, act) {
    command.argument('<query>', 'one SELECT over the tables and views of the lake')
    addExamples(command, [
      ['sql "select station_id, name, capacity from v_station_information limit 5"', 'the stations'],
      [
        'sql "select variant, count(*), avg(score) from v_predictions group by variant"',
        'what was predicted',
      ],
    ])
    command.action(
      act(async (context, _options, query = '') => {
        const { platform, info } = await context.openLake()
        const result = await runSql(platform, { city: info.city, query, views: viewNames(context.config) })
        const rows = result.rows.map((row) =>
          row.map((cell) => (typeof cell === 'boolean' ? String(cell) : cell)),
        )
        return { human: textTable(result.columns, rows), json: result }
      }),
    )
  },
}

function viewNames(config: {
  view_station_info_latest: string
  view_predictions: string
  view_quality: string
}): { station_information: string; predictions: string; quality: string } {
  return {
    station_information: config.view_station_info_latest,
    predictions: config.view_predictions,
    quality: config.view_quality,
  }
}
