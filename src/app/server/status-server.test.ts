import { describe, expect, it, onTestFinished } from 'vitest'
import { mergeExpositions } from './exposition.ts'
import { startStatusServer, type ServedCity } from './status-server.ts'

async function serve(cities: readonly ServedCity[]) {
  const server = await startStatusServer({ hostname: '127.0.0.1', port: 0, clock: () => 1000, cities })
  onTestFinished(() => server.close())
  return async (path: string) => {
    const response = await fetch(server.url + path)
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    }
  }
}

const city = (name: string, late: readonly string[] = []): ServedCity => ({
  name,
  late: () => late,
  metricsText: (now) => Promise.resolve(`# TYPE up gauge\nup ${now}\n`),
})

describe('the server of health and metrics', () => {
  it('is alive whatever is late, and ready only when no city is late, saying what is', async () => {
    const get = await serve([city('nyc'), city('sf', ['quality is 40 min late'])])
    expect((await get('/healthz')).status).toBe(200)
    const ready = await get('/readyz')
    expect(ready.status).toBe(503)
    expect(JSON.parse(ready.text)).toEqual({ status: 'late', late: ['sf: quality is 40 min late'] })
    expect((await (await serve([city('nyc')]))('/readyz')).status).toBe(200)
    expect((await get('/')).status).toBe(404)
  })

  it('gives one city’s metrics as they are, and tells those of several apart by the lake', async () => {
    const one = await (await serve([city('nyc')]))('/metrics')
    expect(one.type).toMatch(/^text\/plain/)
    expect(one.text).toBe('# TYPE up gauge\nup 1000\n')
    const two = await (await serve([city('nyc'), city('sf')]))('/metrics')
    expect(two.text).toBe('# TYPE up gauge\nup{lake="nyc"} 1000\nup{lake="sf"} 1000\n')
  })

  it('keeps labels, and one HELP and TYPE a metric', () => {
    const text = '# HELP a what\n# TYPE a gauge\na{x="1"} 2\na{} 3\n'
    expect(
      mergeExpositions([
        { lake: 'p', text },
        { lake: 'q', text },
      ]),
    ).toBe(
      '# HELP a what\n# TYPE a gauge\na{lake="p",x="1"} 2\na{lake="p"} 3\na{lake="q",x="1"} 2\na{lake="q"} 3\n',
    )
  })

  it('says so when its port is taken', async () => {
    const first = await startStatusServer({ hostname: '127.0.0.1', port: 0, clock: () => 0, cities: [] })
    onTestFinished(() => first.close())
    const port = Number(new URL(first.url).port)
    await expect(
      startStatusServer({ hostname: '127.0.0.1', port, clock: () => 0, cities: [] }),
    ).rejects.toThrow(/cannot be served on 127.0.0.1/)
  })
})
