// Writes down, for the table that `npm run test:aws` prints, every call of AWS that a client of the SDK makes in this process and
// is answered: lines `service operation caller answered-by` in AWS_CALLS_FOLDER. Programs that are started from here are looked
// at as well. Without that folder it does nothing.
import { appendFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const folder = process.env.AWS_CALLS_FOLDER
const file = join(folder ?? '', `${process.pid}.txt`)
const IMPORTED = `--import=${import.meta.url}`
const SEEN = Symbol.for('bikeshare.calls-noted')

if (folder !== undefined) {
  mkdirSync(folder, { recursive: true })
  const options = process.env.NODE_OPTIONS ?? ''
  if (!options.includes(IMPORTED)) process.env.NODE_OPTIONS = `${options} ${IMPORTED}`.trim()
  // The SDK's clients are CommonJS, whoever imports them: this is the class that they extend.
  const { Client } = createRequire(import.meta.url)('@smithy/core/client')
  if (!(SEEN in Client)) lookAt(Client)
}

function lookAt(Client) {
  Client[SEEN] = true
  const { send } = Client.prototype
  const known = new WeakSet()
  Client.prototype.send = function (...args) {
    if (!known.has(this)) {
      known.add(this)
      this.middlewareStack.add(noteAnswers(this.config), { step: 'initialize', name: 'callsNoted' })
    }
    return send.apply(this, args)
  }
}

/** Clients with which tests look for themselves are not the program: they call themselves so. */
function noteAnswers({ serviceId, customUserAgent }) {
  const service = serviceId.toLowerCase().replaceAll(' ', '-')
  const caller = JSON.stringify(customUserAgent ?? '').includes('bikeshare-tests') ? 'tests' : 'program'
  return (next, { commandName }) =>
    async (args) => {
      const result = await next(args)
      const server = /werkzeug/i.test(result.response?.headers?.server ?? '') ? 'moto' : 'own'
      appendFileSync(file, `${service} ${commandName.replace(/Command$/, '')} ${caller} ${server}\n`)
      return result
    }
}
