import type { ReactElement, ReactNode } from 'react'

export const TONES = ['good', 'warn', 'bad', 'info', 'neutral'] as const
export type Tone = (typeof TONES)[number]

const SHAPES: Readonly<Record<Tone, string>> = {
  good: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z',
  warn: 'M8 1.5 15 14H1Z',
  bad: 'M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5Z',
  info: 'M8 1.5 14.5 8 8 14.5 1.5 8Z',
  neutral: 'M2 6.5h12v3H2Z',
}

/** A state in a word, with a shape and a colour that say the same. */
export function Badge({
  tone,
  children,
}: {
  readonly tone: Tone
  readonly children: ReactNode
}): ReactElement {
  return (
    <span className={`badge badge-${tone}`}>
      <svg viewBox="0 0 16 16" width="10" height="10" aria-hidden="true">
        <path d={SHAPES[tone]} fill="currentColor" />
      </svg>
      {children}
    </span>
  )
}
