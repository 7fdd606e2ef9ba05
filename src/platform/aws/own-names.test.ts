import { expect, it } from 'vitest'
import { ownNames } from './own-names.ts'

const NAMES = [
  'bikeshare-prod',
  'bikeshare-staging-docks',
  'bikeshare-trial',
  'bikeshare-nyc-prod',
  'bikeshare-nyc-staging-docks',
  'bikeshare',
  'mybikeshare-prod',
]

it('tells the endpoints of one city from those of another and of others', () => {
  expect(NAMES.filter(ownNames('bikeshare').ownsEndpoint)).toEqual([
    'bikeshare-prod',
    'bikeshare-staging-docks',
    'bikeshare-trial',
  ])
  expect(NAMES.filter(ownNames('bikeshare-nyc').ownsEndpoint)).toEqual([
    'bikeshare-nyc-prod',
    'bikeshare-nyc-staging-docks',
  ])
})

it('tells their alarms alike', () => {
  const alarms = ['prod-20m-zero', 'prod-docks-20m-zero', 'nyc-prod-20m-zero', 'AWSEC2-high-cpu']
  expect(alarms.filter(ownNames('bikeshare').ownsAlarm)).toEqual(['prod-20m-zero', 'prod-docks-20m-zero'])
  expect(alarms.filter(ownNames('bikeshare-nyc').ownsAlarm)).toEqual(['nyc-prod-20m-zero'])
})
