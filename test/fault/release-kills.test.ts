import { afterAll, describe, expect, it } from 'vitest'
import { readDeployment } from '../../src/model/serving/deployments.ts'
import { verifyHistory } from '../../src/model/serving/history.ts'
import {
  activeRelease,
  beginRelease,
  listReleases,
  writeRelease,
} from '../../src/operations/release/release-store.ts'
import { goingBack } from '../../src/operations/release/step-release.ts'
import { openScorer } from '../../src/platform/engines/xgboost/scorer.ts'
import { Crash, crashingAt } from '../support/lake-fixtures.ts'
import { openReleaseLab, PROD, STRATEGIES, WAIT, type ReleaseLab } from '../support/release-lab.ts'
import { libraryPath } from '../support/stump-model.ts'

const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
const points: Record<string, number> = {}
afterAll(async () => {
  await scorer.close()
  const total = Object.values(points).reduce((sum, n) => sum + n, 0)
  const each = Object.entries(points).map(([name, n]) => `${name} ${n}`)
  process.stdout.write(`releases stopped at ${total} points: ${each.join(', ')}\n`)
})

describe('a release that is stopped before any of its writes, and gone on with', () => {
  for (const [name, strategy] of Object.entries(STRATEGIES))
    for (const back of strategy.type === 'all-at-once' ? [false] : [false, true])
      it(`${name}${back ? ', taken back' : ''}: ends as if it had not been stopped`, async () => {
        const lab = await openReleaseLab(scorer)
        const label = `${name}${back ? ' back' : ''}`
        const { store, warehouse } = lab.serving
        for (let at = 0; ; at++) {
          await lab.reset()
          await beginRelease(store, await lab.releaseOf(strategy, `r${String(at).padStart(3, '0')}`))
          if (back) await takeBack(lab, strategy.type === 'ab' || strategy.type === 'shadow')
          const mortal = lab.open(crashingAt({ store, warehouse }, at).store)
          const dead = await lab.run(mortal).then(
            () => false,
            (error: unknown) => {
              if (error instanceof Crash || String(error).includes('does not end')) return true
              throw error
            },
          )
          await mortal.close()
          const again = lab.open()
          await lab.run(again)
          await again.close()
          const wanted = back ? lab.first.version : lab.second.version
          const after = await readDeployment(store, PROD)
          expect(after?.variants.map((variant) => variant.model_version)).toEqual([wanted])
          expect(after?.next).toBeUndefined()
          expect(await lab.score()).toBe(back ? '0.90' : '0.80')
          expect(await verifyHistory(store)).toEqual([])
          expect(await activeRelease(store)).toBeUndefined()
          if (!dead) break
          points[label] = at + 1
        }
        expect(points[label]).toBeGreaterThan(3)
        expect((await listReleases(store)).length).toBe((points[label] ?? 0) + 1)
        await lab.serving.close()
      })
})

/** Goes on to where the traffic is shared, then asks for it back. */
async function takeBack(lab: ReleaseLab, watched: boolean): Promise<void> {
  const patient = lab.open()
  await (watched ? lab.run(patient, WAIT) : lab.shifting(patient))
  await patient.close()
  const stored = await activeRelease(lab.serving.store)
  if (stored) await writeRelease(lab.serving.store, stored, goingBack(stored.release, 'by hand', lab.now))
}
