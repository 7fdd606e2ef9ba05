import { render } from '@testing-library/react'
import { expect, it } from 'vitest'
import runbook from '../../../../docs/runbook.md?raw'
import { anchorOf, findSection } from './runbook-sections.ts'
import { RunbookWords } from './runbook-words.tsx'

it('has anchors as readers of Markdown make them', () => {
  expect(['prod-20m-zero', 'The feed is away', 'What it’s for: 5xx, again'].map(anchorOf)).toEqual([
    'prod-20m-zero',
    'the-feed-is-away',
    'what-its-for-5xx-again',
  ])
})

it('cuts a section out up to the next of its level', () => {
  const section = findSection('# A\n\n## B\n\none\n\n### C\n\ntwo\n\n## D\n\nthree\n', 'b')
  const { container } = render(<RunbookWords tokens={section?.tokens ?? []} onAnchor={() => undefined} />)
  expect(section?.heading).toBe('B')
  expect(container.textContent).toBe('oneCtwo')
  expect(findSection('# A\n', 'b')).toBeUndefined()
})

it('finds every link of the runbook to itself', () => {
  const anchors = [...runbook.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor ?? '')
  expect(anchors.length).toBeGreaterThan(10)
  expect(anchors.filter((anchor) => findSection(runbook, anchor) === undefined)).toEqual([])
})

it('never makes markup of what stands in it', () => {
  const section = findSection(
    '# A\n\n<img src=x onerror="alert(1)"> `a < b` & [c](javascript:alert(1))\n',
    'a',
  )
  const { container } = render(<RunbookWords tokens={section?.tokens ?? []} onAnchor={() => undefined} />)
  expect(container.querySelector('img, a')).toBeNull()
  expect(container.textContent).toContain('a < b')
})
