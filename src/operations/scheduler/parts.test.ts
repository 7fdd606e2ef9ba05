import { describe, expect, it } from 'vitest'
import { JOB_TABLE } from './jobs/job-table.ts'
import { jobsOf, partOf, PARTS } from './parts.ts'

describe('parts of the jobs', () => {
  it('have every job of the table, once', () => {
    expect(PARTS.flatMap(({ jobs }) => jobs).toSorted()).toEqual(JOB_TABLE.map(({ name }) => name).toSorted())
  })

  it('keep the order of the table', () => {
    for (const part of PARTS) {
      const names = jobsOf(part).map(({ name }) => name)
      expect(names).toEqual(JOB_TABLE.map(({ name }) => name).filter((name) => names.includes(name)))
      expect(names).toHaveLength(part.jobs.length)
    }
  })

  it('refuse a name that is none, and say which there are', () => {
    expect(() => partOf('nightly')).toThrow(/"nightly" is no part/)
  })
})
