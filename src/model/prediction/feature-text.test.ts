import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FEATURE_NAMES } from '../../core/contracts/features.ts'
import { parseRequestRows } from '../../platform/engines/inference-server/request-rows.ts'
import { featureTexts } from './feature-text.ts'

const width = FEATURE_NAMES.length
const value = fc.oneof(
  fc.float({ noDefaultInfinity: true }).map((x) => x + 0),
  fc.integer({ min: -50, max: 50 }),
  fc.constant(Number.NaN),
)
const rows = fc
  .array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 4 })
  .map((table) => Float32Array.from(table.flat()))

describe('the text of feature rows', () => {
  it('is read by the endpoint as the same float32 values, bit for bit', () => {
    fc.assert(
      fc.property(rows, (features) => {
        const texts = featureTexts(features)
        const body = Array.from({ length: features.length / width }, (_, row) => texts.line(row)).join('\n')
        expect(parseRequestRows(Buffer.from(body), 'text/csv', FEATURE_NAMES).features).toEqual(features)
      }),
    )
  })

  it('leaves a missing value empty and writes whole numbers short', () => {
    const features = new Float32Array(width).fill(Number.NaN)
    features[0] = 0.1
    features[1] = -3
    expect(featureTexts(features).line(0)).toBe(`0.100000001,-3${','.repeat(23)}`)
  })

  it('has a hash that changes with any value, and not with how a missing one is encoded', () => {
    const features = new Float32Array(width * 2)
    const bits = new Uint32Array(features.buffer)
    bits[3] = 0x7fc00000
    bits[width + 3] = 0xffc00001
    const texts = featureTexts(features)
    expect(texts.hash(0)).toMatch(/^[0-9a-f]{16}$/)
    expect(texts.hash(1)).toBe(texts.hash(0))
    const changed = features.slice()
    changed[24] = 1e-7
    expect(featureTexts(changed).hash(0)).not.toBe(texts.hash(0))
  })
})
