/**
 * The fields of one CSV line: separated by commas, optionally in double quotes, in which "" stands for one. Undefined when a
 * quotation mark stays open (a field that goes on in the next line is not weather).
 */
export function splitCsvLine(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',')
  const cells: string[] = []
  let at = 0
  for (;;) {
    if (line[at] === '"') {
      let cell = ''
      for (;;) {
        const end = line.indexOf('"', at + 1)
        if (end < 0) return undefined
        cell += line.slice(at + 1, end)
        at = end + 1
        if (line[at] !== '"') break
        cell += '"'
      }
      cells.push(cell)
    } else {
      const comma = line.indexOf(',', at)
      const end = comma < 0 ? line.length : comma
      cells.push(line.slice(at, end))
      at = end
    }
    if (at >= line.length) return cells
    if (line[at] !== ',') return undefined
    at++
  }
}
