import {
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryOptions,
  type UseQueryResult,
} from '@tanstack/react-query'
import { getJson, sendJson, type ApiError } from './client.ts'
import { syncClock } from './clock.ts'
import { routePath, type RouteName, type Routes } from './routes.ts'
import type { Query } from './source.ts'

/** Key of an answer: its route, parameters and query. */
export type ApiKey = readonly [RouteName, Readonly<Record<string, string>>, Query]
export type ApiResult<N extends RouteName> = UseQueryResult<Routes[N]['answer'], ApiError>

/** The cache of answers. What is shown stays shown while it is asked for again, or cannot be. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Live events say when something changed; this is for when they do not come.
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: true,
        networkMode: 'always',
        retry: (failures, error) => (error as ApiError).offline && failures < 2,
        retryDelay: (failures) => 500 * 2 ** failures,
      },
      mutations: { networkMode: 'always' },
    },
  })
}

/** What asking for an answer takes, for hooks and for fetching ahead. */
export function apiQuery<N extends RouteName>(
  name: N,
  params: Routes[N]['params'],
  query: Routes[N]['query'],
): Pick<UseQueryOptions<Routes[N]['answer'], ApiError>, 'queryKey'> & {
  queryFn: (context: { signal: AbortSignal }) => Promise<Routes[N]['answer']>
  staleTime: number
} {
  const asked = query as Query
  return {
    queryKey: [name, params, query],
    queryFn: async ({ signal }) => {
      const path = routePath(name, params)
      const answer = (await getJson(path, asked, signal)) as Routes[N]['answer']
      syncClock(answer)
      return answer
    },
    // The past does not change, except by what comes late.
    staleTime: typeof asked['at'] === 'number' ? 10 * 60_000 : 30_000,
  }
}

/**
 * An answer of the API, kept up to date by live events. While another moment is asked for, the one before stays shown
 * (`isPlaceholderData`); another city, station, stage or target starts empty.
 *
 * @param params Null asks nothing yet.
 */
export function useApi<N extends RouteName>(
  name: N,
  params: Routes[N]['params'] | null,
  query: Routes[N]['query'],
): ApiResult<N> {
  return useQuery<Routes[N]['answer'], ApiError>({
    ...apiQuery(name, params ?? ({} as Routes[N]['params']), query),
    enabled: params !== null,
    placeholderData: (previous, before) =>
      before !== undefined &&
      differOnlyInTime(before.queryKey as unknown as ApiKey, [name, params ?? {}, query])
        ? previous
        : undefined,
  })
}

function differOnlyInTime(a: ApiKey, b: ApiKey): boolean {
  const rest = ([name, params, query]: ApiKey) =>
    JSON.stringify([name, params, { ...query, at: undefined, days: undefined }])
  return rest(a) === rest(b)
}

/** Something sent to the server: what, and which answers it makes old. */
export interface Sending {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  /** Below /api, as `routePath` makes it. */
  readonly path: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** Sends to the server, then asks again for the answers named; none named: for all. */
export function useSend<T>(makesOld?: readonly RouteName[]): UseMutationResult<T, ApiError, Sending> {
  const client = useQueryClient()
  return useMutation<T, ApiError, Sending>({
    mutationFn: async ({ method, path, body, headers }) => (await sendJson(method, path, body, headers)) as T,
    onSuccess: () => {
      void client.invalidateQueries({
        predicate: ({ queryKey }) => makesOld === undefined || makesOld.includes(queryKey[0] as RouteName),
      })
    },
  })
}
