import { QueryClientProvider } from '@tanstack/react-query'
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { asOf, city, HOSTILE, NOW, session, state, stations, timeline } from '../test/answers.ts'
import { createQueryClient } from './api/queries.ts'
import { App } from './app.tsx'

/** Answers by the beginning of their path; the longest that fits is given. A number is a status without a problem. */
let answers: Record<string, unknown>
let streams: Stream[]

class Stream extends EventTarget {
  static readonly CLOSED = 2
  readyState = 1
  constructor(readonly url: string) {
    super()
    streams.push(this)
  }
  close(): void {
    this.readyState = Stream.CLOSED
  }
}

beforeEach(() => {
  streams = []
  answers = {
    'api/session': session,
    'api/cities': { cities: [city] },
    'api/cities/sf/stations': stations,
    'api/cities/sf/state': state,
    'api/cities/sf/timeline': timeline,
  }
  vi.stubGlobal('EventSource', Stream)
  vi.stubGlobal('fetch', async (url: string) => {
    const [path = ''] = url.split('?')
    const answer = answers[path]
    if (answer === undefined) throw new TypeError('Failed to fetch')
    if (typeof answer === 'number') return new Response('', { status: answer })
    return Response.json(answer)
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
})

function open(query: string): void {
  window.history.replaceState(null, '', `/${query}`)
  render(
    <QueryClientProvider client={createQueryClient()}>
      <App />
    </QueryClientProvider>,
  )
}

const rows = async () =>
  (await screen.findAllByRole('rowheader', {}, { timeout: 20_000 })).map((cell) => cell.textContent)

describe('the page', () => {
  it('lists the stations of the map, those at risk first, and leaves markup in a name as text', async () => {
    open('?tab=stations')
    expect(await rows()).toEqual([HOSTILE[0], HOSTILE[1], HOSTILE[2]])
    expect(document.querySelector('img[src="x"], table b')).toBeNull()
    const table = within(screen.getByRole('table'))
    expect(table.getByText('will run out of bikes')).toBeTruthy()
    expect(table.getAllByRole('row').at(-1)?.textContent).toContain('not known––––')
  })

  it('keeps filter, order and search in the address', async () => {
    open('?tab=stations')
    await rows()
    fireEvent.click(screen.getByRole('radio', { name: 'Empty' }))
    expect(await rows()).toEqual([HOSTILE[1]])
    fireEvent.click(screen.getByRole('button', { name: 'Bikes' }))
    expect(window.location.search).toBe('?tab=stations&filter=empty&sort=-bikes')
  })

  it('finds a station by keys', async () => {
    open('?tab=stations')
    await rows()
    const box = screen.getByRole('combobox', { name: 'Search stations' })
    fireEvent.focus(box)
    fireEvent.change(box, { target: { value: 'QUOTED' } })
    const list = within(screen.getByRole('listbox', { name: 'Search stations' }))
    expect(list.getAllByRole('option').map((option) => option.textContent)).toEqual([HOSTILE[2]])
    fireEvent.keyDown(box, { key: 'ArrowDown' })
    fireEvent.keyDown(box, { key: 'Enter' })
    expect(window.location.search).toBe('?tab=stations&station=s3')
  })

  it('says the moment with its zone, and that it is live', async () => {
    open('?tab=stations')
    await rows()
    const header = within(screen.getByRole('banner'))
    expect(header.getByText('Live')).toBeTruthy()
    expect(header.getByText('GMT-7')).toBeTruthy()
    expect(header.getByText('Newest snapshot 1 min ago, newest prediction 10 min ago')).toBeTruthy()
  })

  it('never calls stale data live', async () => {
    answers['api/cities/sf/state'] = { ...state, as_of: { ...asOf, snapshot_at: NOW - 7200, stale: true } }
    open('?tab=stations')
    await rows()
    expect(within(screen.getByRole('banner')).getByText('Stale')).toBeTruthy()
    expect(
      screen.getByText(/These data are not live: the newest snapshot is of .* GMT-7, 2 hr ago\./),
    ).toBeTruthy()
  })

  it('keeps what it shows when the server goes away, marks it, and comes back', async () => {
    open('?tab=stations')
    await rows()
    const [stream] = streams
    act(() => {
      stream?.dispatchEvent(new Event('error'))
    })
    expect(within(screen.getByRole('banner')).getByText('Offline')).toBeTruthy()
    expect(screen.getByText(/The server does not answer\. What is shown is as of/)).toBeTruthy()
    expect(await rows()).toHaveLength(3)
    answers['api/cities/sf/state'] = { ...state, bikes: [5, 9, null] }
    act(() => {
      stream?.dispatchEvent(new Event('open'))
    })
    await waitFor(() => {
      expect(screen.getByRole('table').textContent).toContain('9')
    })
    expect(within(screen.getByRole('banner')).getByText('Live')).toBeTruthy()
  })

  it('asks again for what a live event names', async () => {
    open('?tab=stations')
    await rows()
    answers['api/cities/sf/state'] = { ...state, bikes: [17, 0, null] }
    const data = JSON.stringify({ city: 'sf', topics: ['state'], now: NOW + 60, resync: false })
    act(() => {
      streams[0]?.dispatchEvent(new MessageEvent('message', { data }))
    })
    await waitFor(() => {
      expect(screen.getByRole('table').textContent).toContain('17')
    })
  })

  it('goes to a moment of the past and back', async () => {
    open('?tab=stations')
    await rows()
    fireEvent.click(await screen.findByRole('button', { name: 'One batch back' }))
    expect(new URLSearchParams(window.location.search).get('at')).toBe(String(NOW - 1200))
    fireEvent.click(screen.getByRole('button', { name: 'Newest' }))
    expect(window.location.search).toBe('?tab=stations')
  })

  it('speaks French, also in its document', async () => {
    open('?tab=stations&lang=fr')
    await rows()
    expect(document.documentElement.lang).toBe('fr')
    expect(screen.getByText('va manquer de vélos')).toBeTruthy()
  })
})

describe('the page without anything to show', () => {
  it('says that there is no city, or not this one', async () => {
    answers['api/cities'] = { cities: [] }
    open('')
    expect(await screen.findByText('This server shows no city yet.')).toBeTruthy()
  })

  it('says that a city is not among them', async () => {
    open('?city=paris')
    expect(await screen.findByText('There is no city “paris” here.')).toBeTruthy()
  })

  it('says why a lake cannot be shown', async () => {
    answers['api/cities'] = { cities: [{ ...city, problem: 'the lake is of format 9' }] }
    open('')
    expect(await screen.findByText('the lake is of format 9')).toBeTruthy()
  })

  it('says what failed, and tries again when asked to', async () => {
    answers['api/cities'] = 500
    open('?tab=stations')
    fireEvent.click(await screen.findByRole('button', { name: 'Try again' }, { timeout: 20_000 }))
    answers['api/cities'] = { cities: [city] }
    fireEvent.click(await screen.findByRole('button', { name: 'Try again' }))
    expect(await rows()).toHaveLength(3)
  })

  it('shows an empty lake as empty', async () => {
    answers['api/cities/sf/state'] = {
      ...state,
      as_of: { ...asOf, snapshot_at: null, batch_at: null },
      bikes: [],
      docks: [],
      condition: [],
    }
    answers['api/cities/sf/timeline'] = { ...timeline, batches: [] }
    open('?tab=stations')
    expect(await screen.findByText('No station yet: the lake has no snapshot at this moment.')).toBeTruthy()
    expect(screen.getByText('No data yet')).toBeTruthy()
  })
})
