import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { App } from 'aws-cdk-lib'
import { loadConfig } from '../src/core/config/load.ts'
import { readSettings } from './settings.ts'
import { addStacks } from './stacks.ts'

// The application that `cdk` runs: settings from bikeshare.toml, the deployment's own from cdk.json and `-c key=value`.
const app = new App()
const path = resolve(import.meta.dirname, '..', 'bikeshare.toml')
const config = loadConfig(existsSync(path) ? { file: { path, text: readFileSync(path, 'utf8') } } : {})
addStacks(app, readSettings(app.node.getAllContext(), config))
app.synth()
