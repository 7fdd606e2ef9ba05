import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildAll, fillEveryMinute, fillLive, importInto, withPlatform } from './lakes.ts'
import { prepareModel } from './model.ts'
import { prepareRecording, readRecording, type Recording, type RecordingChoice } from './recordings.ts'

/** What benches share: made once a run, each in a folder of its own. */
export const INPUTS = {
  /** Bay Wheels, 42 days of 518 stations. */
  'sf-recording': { needs: [], make: (folder, _inputs, choice) => prepareRecording(folder, 'sf', choice) },
  /** It, imported. */
  'sf-lake': {
    needs: ['sf-recording'],
    async make(folder, inputs) {
      const recording = await inputs.recording('sf')
      await withPlatform(folder, (lake) => importInto(lake, recording))
    },
  },
  /** The same with features. */
  'sf-features': {
    needs: ['sf-recording', 'sf-lake'],
    async make(folder, inputs) {
      await inputs.copy('sf-lake', folder)
      const recording = await inputs.recording('sf')
      await withPlatform(folder, (lake) => buildAll(lake, recording))
    },
  },
  /** A model of 500 rounds for serving, and rows to score. */
  model: {
    needs: ['sf-recording'],
    async make(folder, inputs) {
      const recording = await inputs.recording('sf')
      await withPlatform(join(folder, 'lake'), (lake) => prepareModel(folder, lake, recording))
    },
  },
  /** Citi Bike, 819 snapshots of 2,212 stations. */
  'nyc-recording': { needs: [], make: (folder, _inputs, choice) => prepareRecording(folder, 'nyc', choice) },
  /** It, imported: what feeds are served from. */
  'nyc-history': {
    needs: ['nyc-recording'],
    async make(folder, inputs) {
      const recording = await inputs.recording('nyc')
      await withPlatform(folder, (lake) => importInto(lake, recording))
    },
  },
  /** Its last two days in a file for every snapshot. */
  'nyc-live': {
    needs: ['nyc-recording', 'nyc-history'],
    async make(folder, inputs) {
      const recording = await inputs.recording('nyc')
      await withPlatform(inputs.path('nyc-history'), (history) =>
        withPlatform(folder, (lake) => fillLive(lake, history, recording)),
      )
    },
  },
  /** Its last hours with a snapshot a minute. */
  'nyc-minutes': {
    needs: ['nyc-recording', 'nyc-history'],
    async make(folder, inputs) {
      const recording = await inputs.recording('nyc')
      await withPlatform(inputs.path('nyc-history'), (history) =>
        withPlatform(folder, (lake) => fillEveryMinute(lake, history, recording)),
      )
    },
  },
} as const satisfies Record<string, Input>

interface Input {
  readonly needs: readonly string[]
  readonly make: (folder: string, inputs: PreparedInputs, choice: RecordingChoice) => Promise<unknown>
}

export type InputName = keyof typeof INPUTS

/** Where prepared inputs are. */
export interface PreparedInputs {
  path(name: InputName): string
  recording(city: 'sf' | 'nyc'): Promise<Recording>
  /** A copy for a bench that changes it. */
  copy(name: InputName, folder: string): Promise<void>
  read(name: InputName, file: string): Promise<Buffer>
}

/** The inputs below a run's folder. */
export function preparedInputs(runFolder: string): PreparedInputs {
  const path = (name: InputName): string => join(runFolder, 'inputs', name)
  return {
    path,
    recording: (city) => readRecording(path(`${city}-recording`)),
    copy: (name, folder) => cp(path(name), folder, { recursive: true }),
    read: (name, file) => readFile(join(path(name), file)),
  }
}
