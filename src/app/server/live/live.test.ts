import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  NOW,
  openDashboardLake,
  serveLakes,
  type DashboardLake,
  type Served,
} from '../../../../test/support/dashboard.ts'
import { readEvents, type EventReader } from '../../../../test/support/event-stream.ts'
import { silentReporter } from '../../../core/report.ts'
import { predictionsKey } from '../../../core/keys.ts'
import { setVirtualNow } from '../../../data/lake/lake-info.ts'
import { addSilence } from '../../../operations/alarms/silences.ts'
import { openHub } from './hub.ts'

let lake: DashboardLake
let served: Served
beforeAll(async () => {
  lake = await openDashboardLake('[dashboard]\npoll_seconds = 300')
})
afterAll(() => lake.close())

async function start(o: Parameters<typeof serveLakes>[1] = {}): Promise<Served> {
  served = await serveLakes([lake], o)
  const own = served
  onTestFinished(() => own.close())
  return own
}

async function listen(lastId?: string): Promise<EventReader> {
  const response = await served.ask(
    '/api/live',
    lastId === undefined ? {} : { headers: { 'last-event-id': lastId } },
  )
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const reader = readEvents(response)
  onTestFinished(() => reader.close())
  return {
    get lastId() {
      return reader.lastId
    },
    // What the server has learnt by itself is told some time after its start.
    async next() {
      for (;;) {
        const event = await reader.next()
        if ((event.data as { topics: string[] }).topics.join() !== 'state,alarms') return event
      }
    },
    close: () => reader.close(),
  }
}

let silences = 0
async function changeAlarms(): Promise<void> {
  silences += 1
  await addSilence(lake.platform.store, {
    alarm: '*',
    from: NOW,
    seconds: 60 + silences,
    by: 'test',
    why: 'a test',
  })
  await served.server.poke()
}

describe('live updates', () => {
  it('tell of each change once, by its topic', async () => {
    await start()
    const page = await listen()
    await served.server.poke()
    await changeAlarms()
    expect(await page.next()).toMatchObject({
      data: { city: 'demo', topics: ['alarms'], now: NOW, resync: false },
    })
    await lake.platform.store.put(predictionsKey('bikeshare-prod', 'demo', NOW - 600), 'x')
    await served.server.poke()
    expect((await page.next()).data).toMatchObject({ topics: ['state'] })
    await served.server.poke()
    await setVirtualNow(lake.platform.store, NOW + 60)
    await served.server.poke()
    expect((await page.next()).data).toMatchObject({ topics: ['clock'], now: NOW + 60 })
    await setVirtualNow(lake.platform.store, NOW)
  })

  it('go on where a page stopped listening, also one that had heard nothing yet', async () => {
    await start()
    const asleep = await listen()
    const other = await listen()
    await served.server.poke()
    await changeAlarms()
    const heard = await other.next()
    await changeAlarms()
    await other.next()
    const back = await listen(heard.id)
    expect((await back.next()).id).toMatch(/-2$/)
    await asleep.next()
    const begun = (asleep.lastId ?? '').replace(/-\d+$/, '-0')
    expect((await (await listen(begun)).next()).id).toBe(heard.id)
  })

  it('say that everything is to be asked for again after a restart of the server', async () => {
    const first = await start()
    const page = await listen()
    await served.server.poke()
    await changeAlarms()
    await page.next()
    await first.close()
    await expect(page.next()).rejects.toThrow(/ended|terminated|aborted/)
    await start()
    const again = await listen(page.lastId)
    expect(await again.next()).toMatchObject({ data: { city: 'demo', topics: [], resync: true } })
  })

  it('tell a public page of the city alone', async () => {
    await start({ publicMode: true })
    const page = await listen()
    await served.server.poke()
    await changeAlarms()
    await setVirtualNow(lake.platform.store, NOW + 120)
    await served.server.poke()
    expect((await page.next()).data).toMatchObject({ topics: ['clock'] })
    await setVirtualNow(lake.platform.store, NOW)
  })

  it('let go of a page that does not read, and not of the others', async () => {
    const chunks: string[] = []
    const reads = new Writable({ write: (chunk: Buffer, _, done) => (chunks.push(chunk.toString()), done()) })
    const stuck = new Writable({ write: () => {} })
    const hub = openHub({
      cities: [lake.shown],
      run: 'run',
      pollMs: 1e6,
      report: silentReporter,
      onChange: () => {},
      mostClients: 2,
    })
    onTestFinished(() => hub.close())
    const listener = { city: undefined, lastId: undefined, shown: <T>(event: T) => event, now: NOW }
    const flood = { ...listener, shown: <T>(event: T) => ({ ...event, city: 'x'.repeat(40_000) }) }
    expect([hub.listen(reads, listener), hub.listen(stuck, flood)]).toEqual([true, true])
    expect(hub.listen(new Writable(), listener)).toBe(false)
    await hub.poke()
    for (let i = 0; i < 4; i++) {
      await addSilence(lake.platform.store, {
        alarm: '*',
        from: NOW,
        seconds: 1000 + i,
        by: 'test',
        why: 'a test',
      })
      await hub.poke()
    }
    expect([stuck.destroyed, reads.destroyed, hub.clients]).toEqual([true, false, 1])
    expect(chunks.filter((chunk) => chunk.includes('data:'))).toHaveLength(4)
  })
})
