/** What answers the calls of a service in the suites. */
const SERVERS = {
  s3: 'moto',
  glue: 'moto',
  scheduler: 'moto',
  sns: 'moto',
  iam: 'moto',
  sts: 'moto',
  cloudformation: 'moto',
  athena: 'Trino, behind a front that speaks Athena',
  sagemaker: "this project's endpoint host",
  'sagemaker-runtime': "this project's endpoint host",
  cloudwatch: "this project's metric and alarm stores",
}

/** Of the noted lines `service operation`, a table: which call of AWS was answered by what, and how often. */
export function coverageTable(lines) {
  const counts = new Map()
  for (const line of lines.filter((text) => text !== '')) counts.set(line, (counts.get(line) ?? 0) + 1)
  const rows = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([line, count]) => {
      const [service, operation] = line.split(' ')
      return [service, operation, String(count), SERVERS[service] ?? 'a server of the tests']
    })
  const table = [['service', 'call', 'times', 'answered by'], ...rows]
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)))
  return table
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
