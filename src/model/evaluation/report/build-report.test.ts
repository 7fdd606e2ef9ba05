import { describe, expect, it } from 'vitest'
import { FEATURE_NAMES } from '../../../core/contracts/features.ts'
import { exampleManifest } from '../../../../test/support/example-model.ts'
import { exampleSubject } from '../../../../test/support/example-report.ts'
import { buildReport } from './build-report.ts'
import { PALETTE } from './palette.ts'

const subject = exampleSubject()
const report = buildReport(subject)
const fileOf = (name: string): string => report[name] ?? ''
const svgs = Object.keys(report).filter((name) => name.endsWith('.svg'))

/** The elements that are open at the end of a text, and the first one closed out of turn. */
function unbalanced(markup: string): string[] {
  const open: string[] = []
  const tags = markup
    .replaceAll(/<!doctype[^>]*>|<!--[\s\S]*?-->/gi, '')
    .matchAll(/<(\/?)([a-zA-Z0-9]+)((?:"[^"]*"|[^">])*?)(\/?)>/g)
  for (const [, closing, name = '', , selfClosing] of tags) {
    if (closing) {
      if (open.pop() !== name) return [...open, name]
    } else if (!selfClosing && !['meta', 'br', 'link'].includes(name)) open.push(name)
  }
  return open
}

describe('a report', () => {
  it('has the same bytes for the same subject, whatever was drawn before', () => {
    buildReport(exampleSubject({ refusals: ['another'], shown: 'validation' }))
    expect(buildReport(exampleSubject())).toEqual(report)
  })

  it('consists of the eleven files that were promised', () => {
    expect(Object.keys(report).sort()).toEqual([
      'calibration.csv',
      'calibration.svg',
      'confusion-matrix.csv',
      'confusion-matrix.svg',
      'eval_summary.json',
      'feature-importance.csv',
      'feature-importance.svg',
      'model_card.md',
      'pr-curve.csv',
      'pr-curve.svg',
      'report.html',
    ])
  })

  it('has the figures of the evaluation in its summary', () => {
    expect(JSON.parse(fileOf('eval_summary.json'))).toMatchObject({
      group: 'bikeshare-demo-bikes',
      version: subject.model.version,
      metrics: subject.model.metrics,
      windows: subject.windows,
      persistence_rule: subject.rule,
      calibration: subject.calibration,
    })
  })

  it('has persistence beside each figure, and a sentence on what it means', () => {
    const evaluation = subject.model.metrics.test
    for (const name of ['report.html', 'model_card.md']) {
      for (const figure of [
        evaluation?.pr_auc,
        evaluation?.persistence_pr_auc,
        evaluation?.onset_pr_auc,
        evaluation?.persistence_onset_pr_auc,
      ])
        expect(fileOf(name)).toContain(figure?.toFixed(3))
      expect(fileOf(name)).toContain('Lower is better.')
    }
  })

  it('has one line in its CSVs for each point, bin, rule and feature', () => {
    const lines = (name: string): string[] => fileOf(name).trimEnd().split('\n')
    const { all, onset } = subject.curves
    const points = [all.model, all.persistence, onset.model, onset.persistence].reduce(
      (n, c) => n + c.length,
      0,
    )
    expect(lines('pr-curve.csv')).toHaveLength(1 + points)
    expect(lines('calibration.csv')).toHaveLength(1 + subject.calibration.length)
    expect(lines('confusion-matrix.csv')).toHaveLength(3)
    expect(lines('feature-importance.csv').map((line) => line.split(',')[0])).toEqual([
      'feature',
      ...FEATURE_NAMES,
    ])
  })

  it('that is of a refused model says so and why, on the page and in the card', () => {
    const refused = buildReport(exampleSubject({ refusals: ['it knows <nothing>'] }))
    expect(refused['report.html']).toContain('Refused: it knows &lt;nothing&gt;')
    expect(refused['model_card.md']).toContain('Refused: it knows \\<nothing\\>')
  })

  it('can be made of rows in which nothing ran short', () => {
    const empty = exampleSubject({
      curves: { all: { model: [], persistence: [] }, onset: { model: [], persistence: [] } },
      calibration: [],
    })
    expect(unbalanced(buildReport(empty)['report.html'] ?? '')).toEqual([])
  })
})

describe('the charts', () => {
  it.each(svgs)('%s is one whole SVG with a title, a description and no ids of the process', (name) => {
    const svg = fileOf(name)
    expect(unbalanced(svg)).toEqual([])
    expect(svg).toMatch(
      /^<svg [^>]*role="img" aria-labelledby="([\w-]+)-title \1-desc">\n<title id="\1-title">/,
    )
    expect(svg).toMatch(/<desc id="[\w-]+">.{20,}<\/desc>/)
    expect(svg).not.toMatch(/zr\d|ecmeta|<style|NaN|undefined/)
  })

  it('have no id twice on the page', () => {
    const ids = [...fileOf('report.html').matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
    expect(ids.length).toBeGreaterThanOrEqual(8)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('use letters and lines that can be read on their ground, in both schemes', () => {
    const luminance = (hex: string): number => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
        const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255
        return c <= 0.040_45 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const contrast = (a: string, b: string): number => {
      const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
      return (high + 0.05) / (low + 0.05)
    }
    for (const scheme of ['light', 'dark'] as const) {
      for (const colour of ['ink', 'quiet', 'model', 'persistence', 'third'] as const)
        expect(contrast(PALETTE[colour][scheme], PALETTE.paper[scheme])).toBeGreaterThanOrEqual(4.5)
      for (const ground of ['right', 'wrong'] as const)
        expect(contrast(PALETTE.ink[scheme], PALETTE[ground][scheme])).toBeGreaterThanOrEqual(4.5)
    }
  })
})

describe('the page', () => {
  it('is one whole document that loads nothing from anywhere', () => {
    const page = fileOf('report.html')
    expect(unbalanced(page)).toEqual([])
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|\bsrc=|\bhref=/)
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//)
  })

  it('follows the reader’s light or dark scheme, charts included', () => {
    const page = fileOf('report.html')
    expect(page).toContain('@media (prefers-color-scheme:dark)')
    for (const { light } of Object.values(PALETTE)) expect(page).not.toContain(`"${light}"`)
  })

  it('shows hostile names as text', () => {
    const name = '<script>alert("x")</script>\'&'
    const hostile = exampleSubject({
      model: exampleManifest({ city: name, group: name, metrics: subject.model.metrics }),
    })
    const page = buildReport(hostile)['report.html'] ?? ''
    expect(page).not.toContain('<script')
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;')
  })
})
