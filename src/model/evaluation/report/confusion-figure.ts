import type { Evaluation } from '../../../core/contracts/manifest.ts'
import { fBetaOf, precisionOf, recallOf, type Confusion } from '../threshold.ts'
import { heading, renderChart } from './chart.ts'
import { csvOf } from './escape.ts'
import { light } from './palette.ts'
import { countText, figureText, shareText } from './text.ts'

/** confusion-matrix.csv: one row is one way to say yes or no. */
export function confusionCsv(evaluation: Evaluation, rule: Confusion): string {
  const row = (by: string, threshold: number | null, counts: Confusion): (string | number | null)[] => [
    by,
    threshold,
    counts.tp,
    counts.fp,
    counts.tn,
    counts.fn,
    precisionOf(counts),
    recallOf(counts),
    fBetaOf(counts),
  ]
  return csvOf(
    ['by', 'threshold', 'tp', 'fp', 'tn', 'fn', 'precision', 'recall', 'f1'],
    [row('model', evaluation.threshold, evaluation.confusion), row('persistence', null, rule)],
  )
}

/** confusion-matrix.svg: the model at its threshold beside the rule "two or fewer now". */
export function confusionSvg(evaluation: Evaluation, rule: Confusion): string {
  const panels = [
    {
      title: `Model, score of ${figureText(evaluation.threshold, 2)} or more`,
      counts: evaluation.confusion,
      x: 20,
    },
    { title: 'Persistence: two or fewer now', counts: rule, x: 460 },
  ]
  return renderChart({
    id: 'confusion-matrix',
    title: 'What was predicted and what came',
    description: panels
      .map(
        ({ title, counts }) =>
          `${title}: ${counts.tp} stock-outs predicted, ${counts.fn} missed, ${counts.fp} false alarms, ${counts.tn} rightly quiet.`,
      )
      .join(' '),
    width: 880,
    height: 310,
    option: {
      title: panels.map(({ title, counts, x }) =>
        heading(
          title,
          `precision ${figureText(precisionOf(counts))}, recall ${figureText(recallOf(counts))}, F1 ${figureText(fBetaOf(counts))}`,
          x,
          8,
        ),
      ),
      graphic: panels.flatMap(({ counts, x }) => matrix(counts, x, 74)),
    },
  })
}

const CELL = { width: 150, height: 96, gap: 4 }
const LABEL_WIDTH = 88

function matrix(counts: Confusion, x: number, y: number): object[] {
  const out = counts.tp + counts.fn
  const fine = counts.fp + counts.tn
  const left = x + LABEL_WIDTH
  const columns = [left, left + CELL.width + CELL.gap]
  const rows = [y + 26, y + 26 + CELL.height + CELL.gap]
  const at = (values: readonly number[], i: number): number => values[i] ?? 0
  const cell = (row: number, column: number, count: number, whole: number, name: string, good: boolean) => {
    const [cx, cy] = [at(columns, column), at(rows, row)]
    const centre = cx + CELL.width / 2
    return [
      {
        type: 'rect',
        silent: true,
        shape: { x: cx, y: cy, width: CELL.width, height: CELL.height, r: 4 },
        style: { fill: light(good ? 'right' : 'wrong') },
      },
      label(countText(count), centre, cy + 34, 20, 'ink', 'center', 600),
      label(
        whole === 0 ? '–' : `${shareText(count / whole)} of the row`,
        centre,
        cy + 58,
        12,
        'ink',
        'center',
      ),
      label(name, centre, cy + 77, 12, 'ink', 'center'),
    ]
  }
  return [
    label('predicted: stock-out', at(columns, 0) + CELL.width / 2, y + 12, 12.5, 'quiet', 'center'),
    label('predicted: none', at(columns, 1) + CELL.width / 2, y + 12, 12.5, 'quiet', 'center'),
    label('stock-out\ncame', left - 10, at(rows, 0) + CELL.height / 2, 12.5, 'quiet', 'right'),
    label('none came', left - 10, at(rows, 1) + CELL.height / 2, 12.5, 'quiet', 'right'),
    ...cell(0, 0, counts.tp, out, 'rightly predicted', true),
    ...cell(0, 1, counts.fn, out, 'missed', false),
    ...cell(1, 0, counts.fp, fine, 'false alarm', false),
    ...cell(1, 1, counts.tn, fine, 'rightly quiet', true),
  ]
}

function label(
  text: string,
  x: number,
  y: number,
  fontSize: number,
  colour: 'ink' | 'quiet',
  align: 'center' | 'right',
  fontWeight = 400,
): object {
  return {
    type: 'text',
    silent: true,
    x,
    y,
    style: {
      text,
      fill: light(colour),
      fontSize,
      fontWeight,
      fontFamily: 'sans-serif',
      align,
      verticalAlign: 'middle',
    },
  }
}
