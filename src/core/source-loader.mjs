// Runs a TypeScript module in a worker thread during development: `argv[2]` is its URL. Node 20 ignores `--import` for
// threads, so that tsx is loaded from inside. A build has no use for this file.
import { register } from 'tsx/esm/api'

register()
await import(process.argv[2])
