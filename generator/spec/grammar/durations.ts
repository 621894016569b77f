/** The parts of an ISO 8601 duration such as `P1M`, `PT15M` or `P2W`. */
interface Duration {
  readonly years: number;
  readonly months: number;
  /** The sum of weeks, days, hours, minutes and seconds, whose lengths do not depend on the calendar. */
  readonly seconds: number;
}

const durationPattern =
  /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** The lengths of a week, day, hour, minute and second, in seconds. */
const unitLengths = [7 * 86_400, 86_400, 3_600, 60, 1];

/** Parses an ISO 8601 duration. Returns `undefined` for any other text. */
function parseDuration(text: string): Duration | undefined {
  const match = durationPattern.exec(text);
  if (!match) return undefined;
  const [years = 0, months = 0, ...parts] = match.slice(1).map((part) => Number((part as unknown) ?? 0));
  return {
    years,
    months,
    seconds: parts.reduce((sum, part, index) => sum + part * (unitLengths[index] ?? 0), 0),
  };
}

/** Returns whether a text is an ISO 8601 duration greater than zero. */
export function isDuration(text: string): boolean {
  const duration = parseDuration(text);
  return duration !== undefined && duration.years + duration.months + duration.seconds > 0;
}

/** Converts a time in a spec, in seconds or as an ISO 8601 duration, to milliseconds. Returns `undefined` for any other value. */
export function millisecondsOf(value: unknown): number | undefined {
  const seconds = typeof value === "string" ? secondsOf(value) : value;
  // Rounding to 15 digits removes binary fraction errors: 1.1 s is 1100 ms.
  return typeof seconds === "number" ? Number((seconds * 1000).toPrecision(15)) : undefined;
}

/** Returns the length of an ISO 8601 duration in seconds, or `undefined` if it is zero or depends on the calendar. */
export function secondsOf(text: string): number | undefined {
  const duration = parseDuration(text);
  if (!duration || duration.years > 0 || duration.months > 0 || duration.seconds === 0) return undefined;
  return duration.seconds;
}
