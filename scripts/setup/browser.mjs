import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetupError } from './progress.mjs'
import { run, tail } from './run.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Finds Chromium on the PATH, or as root on Debian installs it. */
export async function installBrowser(progress) {
  const found = onPath()
  if (found) {
    progress.there(`Chromium: there (${found})`)
    return
  }
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new SetupError('Chromium is missing: install it (on Debian: `sudo apt-get install chromium`).')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await progress.step('Installing Chromium (Debian package)', async () => {
    await run('apt-get', ['update', '-qq'], { env })
    const result = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      env,
    })
    if (!result.ok || !onPath())
      throw new SetupError(`Chromium could not be installed: ${tail(result.output, 1)}`)
  })
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((file) => existsSync(file))
}
