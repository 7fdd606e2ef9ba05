import { HORIZON_SECONDS } from '../../core/time.ts'
import { spread, type MinuteDemand } from './lost-rides.ts'

/** What the model says of a station: chances of two or fewer bikes, docks, in 30 minutes; null where it said nothing. */
export interface ModelSays {
  readonly bikes: number | null
  readonly docks: number | null
}

const FEW = 2
const MINUTES = HORIZON_SECONDS / 60
/** Tilts that are tried: rentals times e^tilt, returns times e^-tilt. */
const TILTS = Array.from({ length: 13 }, (_, n) => (n - 6) * 0.2)
/** How far demand leaves its habit by itself: standard deviation of the tilt. */
const USUAL = 0.5
/** The model's word fades: in full for 30 minutes, then less until it is gone at 90. */
const FADED_MINUTES = 90

/**
 * Demand with what the model says taken in. The tilt between rentals and returns is the likeliest one, given that it is
 * usually small (normal) and that the queue should have the model's chances 30 minutes from now. History knows the hour; the
 * model knows today: weather, what the neighbours do, the last minutes.
 */
export function heedModel(
  demand: MinuteDemand,
  o: { readonly bikes: number; readonly docks: number; readonly says: ModelSays },
): MinuteDemand {
  const { says } = o
  if (says.bikes === null && says.docks === null) return demand
  let best = 0
  let least = Infinity
  for (const tilt of TILTS) {
    const { bikes, docks } = fewChances(tilted(demand, tilt, MINUTES), o)
    const surprise =
      crossEntropy(says.bikes, bikes) + crossEntropy(says.docks, docks) + (tilt * tilt) / (2 * USUAL * USUAL)
    if (surprise >= least) continue
    least = surprise
    best = tilt
  }
  return best === 0 ? demand : tilted(demand, best, demand.rentals.length)
}

function tilted(demand: MinuteDemand, tilt: number, minutes: number): MinuteDemand {
  const share = (minute: number): number =>
    Math.max(0, Math.min(1, (FADED_MINUTES - minute) / (FADED_MINUTES - MINUTES)))
  return {
    rentals: demand.rentals.subarray(0, minutes).map((x, minute) => x * Math.exp(tilt * share(minute))),
    returns: demand.returns.subarray(0, minutes).map((x, minute) => x * Math.exp(-tilt * share(minute))),
  }
}

function fewChances(
  demand: MinuteDemand,
  { bikes, docks }: { readonly bikes: number; readonly docks: number },
): { readonly bikes: number; readonly docks: number } {
  const size = bikes + docks
  const start = new Float64Array(size + 1)
  start[bikes] = 1
  const then = spread(demand, 0, Math.min(MINUTES, demand.rentals.length), start)
  let [few, full] = [0, 0]
  then.forEach((chance, there) => {
    if (there <= FEW) few += chance
    if (size - there <= FEW) full += chance
  })
  return { bikes: few, docks: full }
}

function crossEntropy(said: number | null, chance: number): number {
  if (said === null) return 0
  const p = Math.max(1e-6, Math.min(1 - 1e-6, chance))
  return -said * Math.log(p) - (1 - said) * Math.log(1 - p)
}
