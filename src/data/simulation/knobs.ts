/** What shapes a simulated city. Rates are per day unless the name says otherwise. */
export interface CityKnobs {
  /** Trips a station starts on a dry weekday, on average over stations. */
  readonly tripsPerStation: number
  /** Spread of stations' turnover: standard deviation of its logarithm. */
  readonly turnoverSpread: number
  /** Median docks of a station. */
  readonly docks: number
  /** Share of all docks that hold a bike at the start, broken ones included. */
  readonly fill: number
  /** Standard deviation of a station's lasting difference between bikes that come and go, as a share of its errands. */
  readonly imbalance: number
  /** How much rarer a trip gets for every 50 m it climbs (natural logarithm): drains hills and fills valleys. */
  readonly hillCost: number
  /** Standard deviation of the slow noise in the logarithm of a station's demand, and its time constant in hours. */
  readonly noise: number
  readonly noiseHours: number
  /** Local surprises (a match, a school group, a late train) per 100 stations, and the trips of a median one. */
  readonly eventsPer100: number
  readonly eventTrips: number
  /** Trucks at work in the night and in the day, per 100 stations. */
  readonly nightTrucksPer100: number
  readonly dayTrucksPer100: number
  /** How wrong trucks are about a station's fill (standard deviation). */
  readonly truckNoise: number
  /** Share of truck stops made for reasons the city's state does not tell. */
  readonly truckWhim: number
  /** Closures per station, and their median length in hours. */
  readonly closures: number
  readonly closureHours: number
  /** Share of trips after which the bike is out of order. */
  readonly breakage: number
  /** Share of the fleet that are e-bikes. */
  readonly ebikes: number
}

/** A city whose figures come near those of real systems; docs/simulation.md has the comparison. */
export const DEFAULT_KNOBS: CityKnobs = {
  tripsPerStation: 14,
  turnoverSpread: 0.9,
  docks: 24,
  fill: 0.5,
  imbalance: 0.06,
  hillCost: 0.12,
  noise: 0.9,
  noiseHours: 2,
  eventsPer100: 3,
  eventTrips: 16,
  nightTrucksPer100: 0.6,
  dayTrucksPer100: 0.85,
  truckNoise: 0.15,
  truckWhim: 0.08,
  closures: 0.03,
  closureHours: 4,
  breakage: 0.006,
  ebikes: 0.25,
}

/** How often a feed does what real feeds were seen to do. Zero everywhere is a clean feed. */
export interface FaultRates {
  /** Snapshots that never came, one at a time (share). */
  readonly missed: number
  /** Gaps of 10 to 80 minutes a day; two in five begin in the evening rush (16 to 19 local). */
  readonly gaps: number
  /** Snapshots in which one station is listed twice, the older copy with older counts (share). */
  readonly listedTwice: number
  /** Stations whose last_reported is 86400, per 100. */
  readonly reported86400Per100: number
  /** Stations that are installed, renting, and have neither bikes nor docks, per 100: twins of others at the same place. */
  readonly activeGhostsPer100: number
  /** Stations that are listed but not installed, per 100. */
  readonly notInstalledPer100: number
  /** Snapshots in which one station has 999999 docks (share). */
  readonly hugeDocks: number
  /** Stations whose information says capacity 0 for some hours (per station and day). */
  readonly capacityZero: number
  /** Stations whose information names fewer docks than there are (share). */
  readonly capacityTooLow: number
  /** Stations in the status without information, and in the information without status, per 100. */
  readonly statusOnlyPer100: number
  readonly informationOnlyPer100: number
  /** Times a station's status freezes for an hour or more (per station and day). */
  readonly frozen: number
}

/** Rates near those of the real recordings. */
export const REAL_FAULTS: FaultRates = {
  missed: 0.006,
  gaps: 0.8,
  listedTwice: 0.01,
  reported86400Per100: 0.8,
  activeGhostsPer100: 0.4,
  notInstalledPer100: 0.8,
  hugeDocks: 0.004,
  capacityZero: 0.002,
  capacityTooLow: 0.02,
  statusOnlyPer100: 0.4,
  informationOnlyPer100: 0.8,
  frozen: 0.01,
}

/** A feed without fault: every snapshot, every station as it is. */
export const NO_FAULTS: FaultRates = {
  missed: 0,
  gaps: 0,
  listedTwice: 0,
  reported86400Per100: 0,
  activeGhostsPer100: 0,
  notInstalledPer100: 0,
  hugeDocks: 0,
  capacityZero: 0,
  capacityTooLow: 0,
  statusOnlyPer100: 0,
  informationOnlyPer100: 0,
  frozen: 0,
}
