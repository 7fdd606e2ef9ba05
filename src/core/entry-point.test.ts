import { expect, it } from 'vitest'
import { entryPoint } from './entry-point.ts'

it('a build starts its compiled module as it is', () => {
  const { thread, process } = entryPoint('some-worker', 'file:///app/dist/engines/scorer.js')
  expect(thread).toEqual({ module: new URL('file:///app/dist/engines/some-worker.js'), argv: [] })
  expect(process).toEqual({ file: '/app/dist/engines/some-worker.js', execArgv: [] })
})

it('source starts its TypeScript module through tsx', () => {
  const { thread, process } = entryPoint('some-worker', import.meta.url)
  expect(thread.argv).toEqual([new URL('./some-worker.ts', import.meta.url).href])
  expect(process.execArgv[0]).toBe('--import')
  expect(process.execArgv[1]).toMatch(/^file:.*tsx/)
})
