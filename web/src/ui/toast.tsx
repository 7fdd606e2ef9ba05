import { useSyncExternalStore, type ReactElement } from 'react'
import type { Tone } from './badge.tsx'

interface ToastMessage {
  readonly id: number
  readonly text: string
  readonly tone: Tone
}

const SHOWN_MS = 8_000
const listeners = new Set<() => void>()
let messages: readonly ToastMessage[] = []
let lastId = 0

function set(next: readonly ToastMessage[]): void {
  messages = next
  for (const listener of listeners) listener()
}

/** Says something that happened, for eyes and screen readers; it goes by itself, so nothing that must be kept. */
export function say(text: string, tone: Tone = 'info'): void {
  lastId += 1
  const id = lastId
  set([...messages.slice(-2), { id, text, tone }])
  setTimeout(() => {
    set(messages.filter((message) => message.id !== id))
  }, SHOWN_MS)
}

/** Where what is said appears: a polite live region, once a page. */
export function ToastRegion(): ReactElement {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => messages,
  )
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, tone }) => (
        <p key={id} className={`toast toast-${tone}`}>
          {text}
        </p>
      ))}
    </div>
  )
}
