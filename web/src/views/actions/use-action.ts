import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import type { Action, ActionPreview, ActionResult } from '../../../../src/core/contracts/api/releases.ts'
import { sendJson, type ApiError } from '../../api/client.ts'
import { routePath } from '../../api/routes.ts'
import { useCity } from '../../api/use-city.ts'

export interface ActionCalls {
  readonly preview: UseMutationResult<ActionPreview, ApiError, Action>
  readonly perform: UseMutationResult<
    ActionResult,
    ApiError,
    { readonly act: Action; readonly confirm: string }
  >
}

/** Asks what an action would change, and does it; whatever came of it, everything of the city is asked for again. */
export function useAction(): ActionCalls {
  const city = useCity()?.name ?? ''
  const client = useQueryClient()
  const preview = useMutation<ActionPreview, ApiError, Action>({
    mutationFn: async (action) =>
      (await sendJson('POST', routePath('previewAction', { city }), action)) as ActionPreview,
  })
  const perform = useMutation<ActionResult, ApiError, { act: Action; confirm: string }>({
    mutationFn: async (request) =>
      (await sendJson('POST', routePath('act', { city }), request)) as ActionResult,
    // After a failure too: what was lost may be the answer alone.
    // Nobody waits for it: the gate alone takes seconds.
    onSettled: () => {
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    },
  })
  return { preview, perform }
}
