import type { CitySource } from '../city-source.ts'

/**
 * How the endpoint host says that the city's endpoints are, by name. Empty when the host cannot be asked: the dashboard
 * shows the lake all the same.
 */
export async function endpointStatuses({ platform }: CitySource): Promise<ReadonlyMap<string, string>> {
  try {
    const described = await platform.endpoints.listEndpoints()
    return new Map(described.map(({ EndpointName, EndpointStatus }) => [EndpointName, EndpointStatus]))
  } catch {
    return new Map()
  }
}
