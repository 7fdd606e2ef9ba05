import type { Release, Strategy } from '../../../../src/core/contracts/release.ts'
import type { Served } from '../../../../src/core/contracts/history.ts'
import type { Translate } from '../../text/define.ts'
import type { Format } from '../../text/format.ts'
import type { releasesTexts } from '../../text/releases.ts'
import type { Tone } from '../../ui/badge.tsx'

type ReleasesText = Translate<(typeof releasesTexts)['en']>

/** A strategy with its parameters: `A/B · 10 %, 50 %, 100 % · watched 1 h at least`. */
export function strategyWords(strategy: Strategy, t: ReleasesText, format: Format): string {
  const percent = (share: number) => format.percent(share / 100)
  const watched = (of: { readonly bake_seconds: number; readonly max_wait_seconds: number }) => [
    t('strategy_words_bake', { time: format.duration(of.bake_seconds) }),
    t('strategy_words_max_wait', { time: format.duration(of.max_wait_seconds) }),
  ]
  const wait = (seconds: number) => t('strategy_words_wait', { minutes: format.duration(seconds) })
  const parameters = (): readonly string[] => {
    switch (strategy.type) {
      case 'all-at-once':
        return []
      case 'canary':
        return [
          t('strategy_words_canary', { share: percent(strategy.canary_percent) }),
          wait(strategy.wait_seconds),
        ]
      case 'linear':
        return [
          t('strategy_words_linear', { share: percent(strategy.step_percent) }),
          wait(strategy.wait_seconds),
        ]
      case 'ab':
        return [strategy.ramp.map(percent).join(', '), ...watched(strategy)]
      case 'shadow':
        return watched(strategy)
    }
  }
  return [t(`strategies_${strategy.type}`), ...parameters()].join(' · ')
}

/** Steps that a release has: an A/B's shares, a shadow's watch and the change; a guarded update is one, to us. */
export function stepCount(strategy: Strategy): number {
  if (strategy.type === 'ab') return strategy.ramp.length
  return strategy.type === 'shadow' ? 2 : 1
}

export const PHASE_TONES: Readonly<Record<Release['phase'], Tone>> = {
  acting: 'info',
  baking: 'info',
  finishing: 'info',
  reverting: 'warn',
  done: 'good',
  rolled_back: 'bad',
  failed: 'bad',
}

/** What serves, each model once with its share: `VERSION` or `VERSION 80 % + VERSION 20 %`. */
export function servedWords(served: Served | null, format: Format): string | null {
  if (served === null) return null
  const total = served.variants.reduce((sum, { weight }) => sum + weight, 0)
  if (served.variants.length === 1 || total <= 0)
    return served.variants.map(({ model_version }) => model_version).join(' + ')
  return served.variants
    .map(({ model_version, weight }) => `${model_version} ${format.percent(weight / total)}`)
    .join(' + ')
}
