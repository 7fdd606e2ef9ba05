import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ADAPTERS = fileURLToPath(new URL('../../src/platform/aws', import.meta.url))

/** What answers the calls of a service in the suites, where it is not moto. */
const SERVERS = {
  athena: 'Trino, behind a front that speaks Athena',
  sagemaker: "this project's endpoint host",
  'sagemaker-runtime': "this project's endpoint host",
  cloudwatch: "this project's metric and alarm stores",
}

/** An upload in parts is the SDK's own doing. */
const UPLOAD = ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'AbortMultipartUpload']

/**
 * Of the noted lines `service operation caller answered-by` (test/aws/environment/note-calls.mjs), a table: which call of AWS the
 * program made, how often it was answered and by what, and which other clients made it. Calls that the adapters have and nobody
 * made are in it as `never`.
 */
export function coverageTable(lines) {
  const calls = new Map(
    adapterCalls().map(([service, operation]) => [`${service} ${operation}`, newCall(service, operation)]),
  )
  for (const line of lines.filter((text) => text !== '')) {
    const [service, operation, caller, server] = line.split(' ')
    if (caller === 'tests') continue
    const name = `${service} ${operation}`
    if (!calls.has(name)) calls.set(name, newCall(service, operation))
    const call = calls.get(name)
    if (caller === 'program') call.times += 1
    else call.others.set(caller, (call.others.get(caller) ?? 0) + 1)
    call.servers.add(server === 'moto' ? 'moto' : (SERVERS[service] ?? 'a server of the tests'))
  }
  const rows = [...calls]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { service, operation, times, others, servers }]) => [
      service,
      operation,
      times > 0 ? String(times) : 'never',
      [...others].map(([caller, count]) => `${caller} ${count}`).join(', '),
      [...servers].join('; '),
    ])
  const table = [['service', 'call', 'times', 'others', 'answered by'], ...rows]
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

const newCall = (service, operation) => ({
  service,
  operation,
  times: 0,
  others: new Map(),
  servers: new Set(),
})

/** Pairs of service and operation that the adapters' source imports, by the command or the paginator. */
function adapterCalls() {
  const found = []
  for (const path of readdirSync(ADAPTERS, { recursive: true })) {
    if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue
    const source = readFileSync(join(ADAPTERS, path), 'utf8')
    for (const [, names, service] of source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g))
      for (const [, paged, command] of names.matchAll(/\bpaginate(\w+)|\b(?!type )(\w+)Command\b/g))
        found.push([service, paged ?? command])
    if (source.includes("from '@aws-sdk/lib-storage'"))
      found.push(...UPLOAD.map((operation) => ['s3', operation]))
  }
  return found
}
