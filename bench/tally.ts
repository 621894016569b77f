/** What a loop counts. */
export interface Tally {
  records: number;
  sum: number;
}
