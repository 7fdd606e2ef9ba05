/**
 * How far the evidence is on its way to the bound, 0..1 and beyond. Evidence multiplies, so the way is logarithmic: from 1 to 1,
 * which says nothing, to the bound. Null when there is nothing to compare.
 */
export function evidenceShare(evidence: number | null, bound: number | null): number | null {
  if (evidence === null || bound === null || bound <= 1) return null
  return evidence <= 1 ? 0 : Math.log(evidence) / Math.log(bound)
}
