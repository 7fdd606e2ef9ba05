// Faults that would be believed: each leaves a program that runs and gives plausible figures.
const FEATURES = 'src/data/features/features.sql'
const FEATURE_TESTS = ['test/golden/features.test.ts', 'src/data/features']

export const MUTATIONS = [
  {
    name: 'a label shifted by one slot',
    file: FEATURES,
    find: 'lead(bikes, 6) over by_slot as target_bikes_t30',
    replace: 'lead(bikes, 5) over by_slot as target_bikes_t30',
    tests: FEATURE_TESTS,
  },
  {
    name: 'a lag that sees the future',
    file: FEATURES,
    find: 'lag(bikes, 1) over by_slot as bikes_5m_ago',
    replace: 'lead(bikes, 1) over by_slot as bikes_5m_ago',
    tests: FEATURE_TESTS,
  },
  {
    name: 'a roll over one slot too many',
    file: FEATURES,
    find: 'rows between 5 preceding and current row',
    replace: 'rows between 6 preceding and current row',
    tests: FEATURE_TESTS,
  },
  {
    name: 'weather filled from the future',
    file: FEATURES,
    find: 'and weather.issued_at <= calendar.slot',
    replace: '',
    tests: FEATURE_TESTS,
  },
  {
    name: 'a state older than 15 minutes',
    file: FEATURES,
    find: 'where slot - state_at <= 900',
    replace: 'where slot - state_at <= 1200',
    tests: FEATURE_TESTS,
  },
  {
    name: 'a swapped feature order',
    file: 'src/core/contracts/features.ts',
    find: "  'util_bikes',\n  'util_docks',",
    replace: "  'util_docks',\n  'util_bikes',",
    tests: ['test/golden/features.test.ts', 'src/data/features', 'src/model/prediction'],
  },
  {
    name: 'the calendar in UTC instead of the city’s zone',
    file: 'src/data/features/local-clock.ts',
    find: 'timeZone: timezone',
    replace: "timeZone: 'UTC'",
    tests: FEATURE_TESTS,
  },
  {
    name: 'onsets that include stations already short',
    file: 'src/model/evaluation/metrics.ts',
    find: 'if (count <= STOCKOUT_AT_MOST) continue',
    replace: 'if (count < STOCKOUT_AT_MOST) continue',
    tests: ['src/model/evaluation'],
  },
  {
    name: 'ties ranked by the order of the rows',
    file: 'src/model/evaluation/ranking.ts',
    find: 'while (n > 0 && negatives[n - 1] === score) n -= 1',
    replace: 'if (n > 0 && negatives[n - 1] === score) n -= 1',
    tests: ['src/model/evaluation'],
  },
  {
    name: 'validation that begins where training ends',
    file: 'src/model/training/split.ts',
    find: 'validationFrom - GAP_SECONDS',
    replace: 'validationFrom',
    tests: ['src/model/training/split.test.ts'],
  },
  {
    name: 'an outcome taken from after its time',
    file: 'src/data/lake/v-quality.sql',
    find: 'blocks.last_updated <= due.due_at and blocks.last_updated >= due.due_at - 900',
    replace: 'blocks.last_updated <= due.due_at + 300 and blocks.last_updated >= due.due_at - 900',
    tests: ['src/data/lake/views.test.ts', 'src/model/prediction/score-predictions.test.ts'],
  },
  {
    name: 'a heartbeat for a batch that is half missing',
    file: 'src/model/prediction/heartbeat.ts',
    find: 'const MIN_SHARE = 0.9',
    replace: 'const MIN_SHARE = 0.4',
    tests: ['src/model/prediction'],
  },
  {
    name: 'a station with no last_reported taken as fresh',
    file: 'src/data/gbfs/rules.ts',
    find: 'reported === undefined || reported <= 0 ||',
    replace: 'reported === undefined ||',
    tests: ['src/data/gbfs/rules.test.ts'],
  },
  {
    name: 'a damaged model that loads',
    file: 'src/model/registry/model-checks.ts',
    find: 'if (sha256(stored.body) !== hash)',
    replace: 'if (stored.body.length === 0 && sha256(stored.body) !== hash)',
    tests: ['src/model/registry'],
  },
]
