/** One server-sent event, or the bare id that a stream begins with. */
export interface StreamEvent {
  readonly id: string | undefined
  readonly data: unknown
}

/** Events of a response as they come; `next` waits for one with data. */
export interface EventReader {
  /** The newest id that was heard. */
  readonly lastId: string | undefined
  next(): Promise<StreamEvent>
  close(): Promise<void>
}

/** Reads the body of a `text/event-stream` response. */
export function readEvents(response: Response): EventReader {
  const reader = response.body?.getReader()
  if (!reader) throw new Error('there is no stream')
  const decoder = new TextDecoder()
  let text = ''
  let lastId: string | undefined
  return {
    get lastId() {
      return lastId
    },
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end < 0) {
          const { value, done } = await reader.read()
          if (done) throw new Error('the stream ended')
          text += decoder.decode(value, { stream: true })
          continue
        }
        const fields = text
          .slice(0, end)
          .split('\n')
          .map((line) => /^(\w*): ?(.*)$/.exec(line) ?? [])
        text = text.slice(end + 2)
        const of = (name: string): string | undefined => fields.find(([, key]) => key === name)?.[2]
        lastId = of('id') ?? lastId
        const data = of('data')
        if (data !== undefined) return { id: of('id'), data: JSON.parse(data) as unknown }
      }
    },
    close: () => reader.cancel(),
  }
}
