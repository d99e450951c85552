/** How a benign week is to be. */
export interface WeekOptions {
  readonly seed: number
  readonly days: number
  /** How much of everything: 1 is the whole week's volume. */
  readonly scale: number
}
