import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { sendJson, type ApiError } from '../../api/client.ts'
import { routePath } from '../../api/routes.ts'
import { useCity } from '../../api/use-city.ts'
import type { PlanAnswer, PlanRequest } from './plan-types.ts'

const TICK_MS = 500

export interface MakingPlan {
  readonly making: UseMutationResult<PlanAnswer, ApiError, PlanRequest>
  /** Seconds since it was asked for. */
  readonly elapsed: number
  /** The last one was given up by the reader. */
  readonly cancelled: boolean
  readonly cancel: () => void
}

/** Asks for a plan, counts the seconds, and gives it up when the reader does: the server then stops searching. */
export function useMakePlan(): MakingPlan {
  const city = useCity()?.name ?? ''
  const client = useQueryClient()
  const abort = useRef<AbortController>(null)
  const [cancelled, setCancelled] = useState(false)
  const making = useMutation<PlanAnswer, ApiError, PlanRequest>({
    mutationFn: async (request) => {
      abort.current = new AbortController()
      setCancelled(false)
      const path = routePath('makePlan', { city })
      return (await sendJson('POST', path, request, {}, abort.current.signal)) as PlanAnswer
    },
    onSettled: () => {
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'plans' })
    },
  })
  const elapsed = useElapsed(making.isPending)
  return {
    making,
    elapsed,
    cancelled: cancelled && !making.isPending,
    cancel: () => {
      setCancelled(true)
      abort.current?.abort()
    },
  }
}

/** Seconds since it began to run; of the run before, while nothing runs. */
function useElapsed(running: boolean): number {
  const [elapsed, setElapsed] = useState(0)
  useEffect(() => {
    if (!running) return undefined
    const began = Date.now()
    const count = () => {
      setElapsed((Date.now() - began) / 1000)
    }
    const first = setTimeout(count)
    const timer = setInterval(count, TICK_MS)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [running])
  return elapsed
}
