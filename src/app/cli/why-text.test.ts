import { describe, expect, it } from 'vitest'
import type { Calibration, Explanation, Reason, ReasonPart } from '../../core/contracts/explanation.ts'
import { whyText } from './why-text.ts'

const reason = (
  group: Reason['group'],
  contribution: number,
  parts: ReasonPart[],
  weighty = true,
): Reason => ({
  group,
  contribution,
  weighty,
  parts,
  features: [],
})

const REASONS: Reason[] = [
  reason('state', 1.2, [{ key: 'count_now', params: { what: 'bikes', count: 5 } }]),
  reason('trend', 0.8, [{ key: 'changed', params: { what: 'bikes', change: -4, minutes: 15 } }]),
  reason('time', 0.5, [{ key: 'time', params: { weekday: 1, hour: 8, minute: 5, kind: 'weekday' } }]),
  reason('neighbours', -0.4, [
    { key: 'neighbours', params: { what: 'bikes', level: 0.083, direction: 'emptying' } },
  ]),
  reason('weather', 0.01, [{ key: 'weather_unknown', params: {} }], false),
]

const CALIBRATION: Calibration = {
  model_version: 'v1',
  endpoint: 'bikeshare-prod',
  from: 1_715_688_000,
  until: 1_715_774_400,
  samples: 9000,
  positives: 700,
  steps: [{ up_to: 1, samples: 200, positives: 80 }],
}

const EXPLANATION: Explanation = {
  station_id: '72',
  target: 'bikes',
  slot: 1_715_774_400,
  due_at: 1_715_776_200,
  count_now: 5,
  score: 0.37,
  threshold: 0.2,
  stockout: true,
  variant: 'AllTraffic',
  model_version: 'v1',
  backfilled: false,
  chance: { chance: 0.4, samples: 200, positives: 80, low: 0.344, high: 0.458 },
  why: { exact: true, model_version: 'v1', base: -2.6, margin: -0.49, score: 0.38, reasons: REASONS },
}

describe('why, in English', () => {
  it('says what raises the risk, what lowers it, and the chance with what it is of', () => {
    expect(whyText(EXPLANATION, CALIBRATION, 'Station 72').split('\n')).toEqual([
      'Station 72: is said to run out of bikes (score 0.370, threshold 0.20)',
      '  chance: 40 % (90 %: 34 to 46; 200 predictions with such a score, of 9000 outcomes of bikeshare-prod from 2024-05-14T12:00:00Z to 2024-05-15T12:00:00Z)',
      '  raises the risk: 5 bikes left; 4 fewer bikes than 15 minutes ago; weekday 8:05',
      '  lowers the risk: neighbours are 8 % full and emptying',
      '  log-odds: base −2.60, state +1.20, trend +0.80, time +0.50, neighbours −0.40, weather +0.01 = −0.49',
      '  model: v1 (AllTraffic)',
    ])
  })

  it('says what is not known', () => {
    const { why } = EXPLANATION
    const unknown = whyText({ ...EXPLANATION, chance: null, why: null }, undefined, 'Station 72')
    expect(unknown).toContain('chance: not known, too few outcomes')
    expect(unknown).toContain('no features of this station')
    const inexact = whyText(
      { ...EXPLANATION, why: why && { ...why, exact: false } },
      CALIBRATION,
      'Station 72',
    )
    expect(inexact).toContain(
      "not exact: the lake no longer gives the features that were sent; of today's the score is 0.380",
    )
  })

  it.each<[ReasonPart, string]>([
    [{ key: 'count_now', params: { what: 'docks', count: 1 } }, '1 free dock left'],
    [{ key: 'changed', params: { what: 'bikes', change: 1, minutes: 5 } }, '1 more bike than 5 minutes ago'],
    [{ key: 'steady', params: { what: 'bikes', minutes: 60 } }, 'as many bikes as 60 minutes ago'],
    [
      { key: 'mean', params: { what: 'bikes', mean: 0.4, minutes: 15 } },
      '0.4 bikes on average in the last 15 minutes',
    ],
    [{ key: 'trend_unknown', params: {} }, 'the last hour is not known'],
    [
      { key: 'neighbours', params: { what: 'docks', level: 0.5, direction: 'steady' } },
      'neighbours are 50 % free',
    ],
    [{ key: 'neighbours_unknown', params: {} }, 'the neighbours are not known'],
    [{ key: 'time', params: { weekday: 6, hour: 14, minute: 30, kind: 'weekend' } }, 'Sunday 14:30'],
    [{ key: 'time', params: { weekday: 0, hour: 9, minute: 0, kind: 'holiday' } }, 'holiday 9:00'],
    [
      { key: 'weather', params: { sky: 'rain', temp_c: 7.6, precip_mm: 2, wind_kph: null } },
      'rain, 2 mm an hour, 8 °C',
    ],
    [
      { key: 'weather', params: { sky: 'dry', temp_c: null, precip_mm: 0, wind_kph: 20 } },
      'dry, wind 20 km/h',
    ],
  ])('has words for %o', (part, words) => {
    const { why } = EXPLANATION
    const reasons = [reason('state', 1, [part])]
    expect(whyText({ ...EXPLANATION, why: why && { ...why, reasons } }, CALIBRATION, 'X')).toContain(
      `raises the risk: ${words}\n`,
    )
  })
})
