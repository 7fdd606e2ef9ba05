import { describe, expect, it } from 'vitest'
import { allowing, type Request } from '../aws-test/policy.ts'
import type { PolicyStatement } from './templates.ts'

const statement = (changes: Partial<PolicyStatement> = {}): PolicyStatement => ({
  where: 'stack/policy/sid',
  Effect: 'Allow',
  Action: ['s3:GetObject'],
  Resource: ['arn:aws:s3:::lake/*/raw/*'],
  Condition: undefined,
  ...changes,
})
const request = (changes: Partial<Request> = {}): Request => ({
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::lake/nyc/raw/station_status/a.json',
  context: {},
  ...changes,
})
const isAllowed = (s: PolicyStatement, r: Request): boolean => allowing([s], r).length > 0
const listing = (operator: string): PolicyStatement =>
  statement({
    Action: ['s3:ListBucket'],
    Resource: ['arn:aws:s3:::lake'],
    Condition: { [operator]: { 's3:prefix': ['*/raw/*', '*/models/*'] } },
  })
const list = (context: Request['context']): Request =>
  request({ action: 's3:ListBucket', resource: 'arn:aws:s3:::lake', context })

describe('what a statement allows', () => {
  it.each([
    ['the same', {}, true],
    ['the action in other letters', { action: 'S3:getobject' }, true],
    ['another action', { action: 's3:PutObject' }, false],
    ['another folder', { resource: 'arn:aws:s3:::lake/nyc/models/a' }, false],
    ['a key beside the lakes', { resource: 'arn:aws:s3:::lake/raw/a' }, false],
    ['another bucket', { resource: 'arn:aws:s3:::lake2/nyc/raw/a' }, false],
  ])('%s', (_, changes, expected) => {
    expect(isAllowed(statement(), request(changes))).toBe(expected)
  })

  it.each([
    ['StringLike', { 's3:prefix': 'nyc/raw/station_status/' }, true],
    ['StringLike', { 's3:prefix': 'nyc/history/' }, false],
    ['StringLike', {}, false],
    ['StringLikeIfExists', {}, true],
    ['StringLikeIfExists', { 's3:prefix': 'nyc/history/' }, false],
    ['StringEquals', { 's3:prefix': '*/raw/*' }, true],
    ['StringEquals', { 's3:prefix': 'nyc/raw/' }, false],
  ])('%s of a prefix, with %j', (operator, context, expected) => {
    expect(isAllowed(listing(operator), list(context))).toBe(expected)
  })

  it('is not said of what is not known here', () => {
    expect(() => isAllowed(listing('NumericEquals'), list({}))).toThrow(/NumericEquals/)
    expect(() => isAllowed(statement({ Effect: 'Deny' }), request())).toThrow(/not an Allow/)
  })
})
