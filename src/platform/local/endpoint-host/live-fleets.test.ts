import { expect, it, onTestFinished } from 'vitest'
import { libraryPath, stumpModel } from '../../../../test/support/stump-model.ts'
import { tempDir } from '../../../../test/support/temp-dir.ts'
import { packModel } from '../../../core/model-archive.ts'
import { openScorer } from '../../engines/xgboost/scorer.ts'
import type { ObjectStore } from '../../ports.ts'
import { openDirectoryStore } from '../directory-store.ts'
import { openHostState } from './host-state.ts'
import { openLiveFleets } from './live-fleets.ts'
import { openLoadedModels } from './loaded-models.ts'

it('a look that began before a change does not pass for one after it', async () => {
  const store = openDirectoryStore(await tempDir())
  await store.put('models/a.tar.gz', await packModel(stumpModel({ low: 0.1, high: 0.9 })))
  let gate: Promise<void> | undefined
  let reached = (): void => {}
  const slow: ObjectStore = {
    ...store,
    async *list(prefix) {
      for await (const found of store.list(prefix)) {
        reached()
        await gate
        yield found
      }
    },
  }
  const scorer = openScorer({ libraryPath: libraryPath(), threads: 1 })
  onTestFinished(() => scorer.close())
  const state = openHostState(slow)
  await state.create('endpoints', 'e', {
    EndpointName: 'e',
    Status: 'InService',
    Serving: {
      EndpointConfigName: 'c',
      Variants: [
        { VariantName: 'v', ModelName: 'a', ModelDataUrl: 'models/a.tar.gz', Weight: 1, InstanceCount: 1 },
      ],
    },
    CreationTime: 0,
    LastModifiedTime: 0,
  })
  const fleets = openLiveFleets({
    state,
    models: openLoadedModels(slow, scorer, {}),
    transitions: { advance: () => {}, settle: async () => {} },
    clock: () => 0,
    random: () => 0,
    refreshMs: 3_600_000,
  })
  const fleet = await fleets.current('e')
  expect(fleets.known('e')).toBe(fleet)

  fleets.changed('e')
  let open = (): void => {}
  gate = new Promise<void>((resolve) => (open = resolve))
  const underWay = new Promise<void>((resolve) => (reached = resolve))
  const held = fleets.current('e')
  await underWay
  await state.remove('endpoints', 'e')
  fleets.changed('e')
  open()
  await held
  expect(fleets.known('e')).toBeUndefined()
  await expect(fleets.current('e')).rejects.toThrow(/not found/)
})
