/** The counters of a loop. */
export interface Tally {
  records: number;
  sum: number;
}
