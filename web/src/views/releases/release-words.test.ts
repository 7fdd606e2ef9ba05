import { expect, it } from 'vitest'
import { translator } from '../../text/define.ts'
import { formatOf } from '../../text/format.ts'
import { releasesTexts } from '../../text/releases.ts'
import { evidenceShare } from './evidence-share.ts'
import { servedWords, stepCount, strategyWords } from './release-words.ts'

const format = formatOf('en', 'UTC')
const t = translator(releasesTexts, 'en')
const variant = (model_version: string, weight: number) => ({
  variant: model_version,
  group: 'g',
  model_version,
  model_name: 'm',
  weight,
  threshold: 0.5,
})

it('names the strategy with its parameters', () => {
  expect(
    strategyWords({ type: 'ab', ramp: [20, 100], bake_seconds: 1800, max_wait_seconds: 10_800 }, t, format),
  ).toBe('A/B · 20%, 100% · watched 30 mins at least · given up after 3 hrs')
  expect(stepCount({ type: 'ab', ramp: [20, 50, 100], bake_seconds: 0, max_wait_seconds: 0 })).toBe(3)
})

it('gives shares only where several models share the traffic', () => {
  const served = (...variants: ReturnType<typeof variant>[]) => ({ endpoint_config: 'c', variants })
  expect(servedWords(served(variant('v1', 1)), format)).toBe('v1')
  expect(servedWords(served(variant('v1', 80), variant('v2', 20)), format)).toBe('v1 80% + v2 20%')
  expect(servedWords(null, format)).toBeNull()
})

it('draws evidence by its order of magnitude, and none where there is none', () => {
  expect(evidenceShare(null, 20)).toBeNull()
  expect(evidenceShare(0.4, 20)).toBe(0)
  expect(evidenceShare(20, 20)).toBe(1)
  expect(evidenceShare(Math.sqrt(20), 20)).toBeCloseTo(0.5)
})
