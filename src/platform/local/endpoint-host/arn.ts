/** Kinds of things that control calls name. */
export type ArnKind = 'model' | 'endpoint-config' | 'endpoint'

/** The name that SageMaker's answers and errors give a thing; region and account are this host's own. */
export function arnOf(kind: ArnKind, name: string): string {
  return `arn:aws:sagemaker:local:000000000000:${kind}/${name.toLowerCase()}`
}
