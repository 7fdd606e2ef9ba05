import { describe, expect, it } from 'vitest'
import { actionsTexts } from './actions.ts'
import type { Message, Texts } from './define.ts'
import { incidentTexts } from './incident.ts'
import { modelTexts } from './model.ts'
import { planConstraintsTexts } from './plan-constraints.ts'
import { planTexts } from './plan.ts'
import { releasesTexts } from './releases.ts'
import { systemTexts } from './system.ts'

const CATALOGUES: readonly (readonly [string, Texts])[] = [
  ['actions', actionsTexts],
  ['incident', incidentTexts],
  ['model', modelTexts],
  ['plan', planTexts],
  ['plan-constraints', planConstraintsTexts],
  ['releases', releasesTexts],
  ['system', systemTexts],
]

const forms = (message: Message | undefined): readonly string[] =>
  message === undefined ? [] : typeof message === 'string' ? [message] : Object.values(message)
const holes = (message: Message | undefined): readonly string[] => [
  ...new Set(
    forms(message).flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')),
  ),
]

describe.each(CATALOGUES)('the texts of %s', (_, texts) => {
  const keys = Object.keys(texts.en)
  const french: Readonly<Record<string, Message>> = texts.fr

  it('are there in both languages, and never empty', () => {
    expect(Object.keys(french).toSorted()).toEqual(keys.toSorted())
    for (const key of keys)
      for (const form of [...forms(texts.en[key]), ...forms(french[key])]) expect(form.trim()).not.toBe('')
  })

  it('take the same parameters in both languages', () => {
    for (const key of keys)
      expect([key, ...holes(french[key])].toSorted()).toEqual([key, ...holes(texts.en[key])].toSorted())
  })
})
