/** An ISO 8601 duration: `P1M`, `PT15M`, `P2W`. */
interface Duration {
  readonly years: number;
  readonly months: number;
  /** Weeks, days and times: their lengths are always the same. */
  readonly seconds: number;
}

const PATTERN =
  /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

const LENGTHS = [7 * 86_400, 86_400, 3_600, 60, 1];

/** Reads an ISO 8601 duration; nothing for any other text. */
function parseDuration(text: string): Duration | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [years = 0, months = 0, ...parts] = match.slice(1).map((part) => Number((part as unknown) ?? 0));
  return {
    years,
    months,
    seconds: parts.reduce((sum, part, index) => sum + part * (LENGTHS[index] ?? 0), 0),
  };
}

/** Whether a text is an ISO 8601 duration that is longer than nothing. */
export function isDuration(text: string): boolean {
  const duration = parseDuration(text);
  return duration !== undefined && duration.years + duration.months + duration.seconds > 0;
}

/** Converts a time of a spec, in seconds or as an ISO 8601 duration, to milliseconds; nothing for any other value. */
export function millisecondsOf(value: unknown): number | undefined {
  const seconds = typeof value === "string" ? secondsOf(value) : value;
  // 15 digits hide what binary fractions add: 1.1 s is 1100 ms.
  return typeof seconds === "number" ? Number((seconds * 1000).toPrecision(15)) : undefined;
}

/** The length of a duration in seconds; nothing where it depends on the calendar. */
export function secondsOf(text: string): number | undefined {
  const duration = parseDuration(text);
  if (!duration || duration.years > 0 || duration.months > 0 || duration.seconds === 0) return undefined;
  return duration.seconds;
}
