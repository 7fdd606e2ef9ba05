/** How the nodes of one tree hang together, by index: parents, children (-1 in a leaf), the feature that a node splits by. */
export interface TreeShape {
  readonly parent: ArrayLike<number>
  readonly left: ArrayLike<number>
  readonly right: ArrayLike<number>
  readonly feature: ArrayLike<number>
}

/** What must hold of a model before the library may have it. */
export interface ModelShape {
  readonly objective: string
  readonly booster: string
  readonly baseScore: number
  readonly features: number
  /** 0 or 1: a model of one output. */
  readonly classes: number
  readonly trees: readonly TreeShape[]
}
