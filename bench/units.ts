const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** `210,480` */
export function plain(value: number): string {
  return grouped.format(value);
}

/** A ratio: `1.04` */
export function times(value: number): string {
  return value.toFixed(2);
}

/** Seconds as milliseconds: `84.2 ms` */
export function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}

/** Seconds as microseconds: `3.71 µs` */
export function microseconds(seconds: number): string {
  return `${(seconds * 1e6).toFixed(2)} µs`;
}

/** `1.38 s` */
export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** Bytes as `96.4 MB` */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A share: `±3 %` */
export function plusMinus(share: number): string {
  return `±${(share * 100).toFixed(0)} %`;
}
