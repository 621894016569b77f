/** `2,000`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** `1.3 s`, and from ten seconds on `12 s`. */
export function formatSeconds(seconds: number): string {
  return `${seconds < 9.95 ? seconds.toFixed(1) : String(Math.round(seconds))} s`;
}

/** `1 page`, `2 pages`. */
export function formatPlural(count: number, singular: string): string {
  const plural = singular.endsWith("y") ? `${singular.slice(0, -1)}ies` : `${singular}s`;
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
