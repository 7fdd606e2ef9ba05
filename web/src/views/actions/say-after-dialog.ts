import { say } from '../../ui/toast.tsx'

const CLOSED_MS = 150

/** Says what came of a dialog once it is gone: while it is open the rest of the page, live regions too, is not read out. */
export function sayAfterDialog(...message: Parameters<typeof say>): void {
  setTimeout(() => {
    say(...message)
  }, CLOSED_MS)
}
