/** Keywords of JSON Schema. */
export type Keywords = Readonly<Record<string, unknown>>;

/** Schemas by name, to which `#/schemas/<name>` refers. */
export type Definitions = Readonly<Record<string, unknown>>;

/** One problem of a value. Its message contains no part of the value. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The result of comparing a value with a schema. */
export interface Outcome {
  readonly issues: readonly Issue[];
  /** The fields and items that keywords described, for `unevaluatedProperties` and `unevaluatedItems`. */
  readonly seen: ReadonlySet<PropertyKey>;
}

/** The context of an evaluation, besides the schema and the value. */
export interface Place {
  readonly definitions: Definitions;
  readonly path: readonly PropertyKey[];
}

/** The outcome of a keyword that allows the value and describes no part of it. */
export const valid: Outcome = { issues: [], seen: new Set() };

/** Creates the outcome of a keyword that rejects the value. */
export function refuse({ path }: Place, message: string): Outcome {
  return { issues: [{ path, message }], seen: new Set() };
}

/** Joins the outcomes of keywords that all apply. */
export function join(outcomes: readonly Outcome[]): Outcome {
  return {
    issues: outcomes.flatMap(({ issues }) => issues),
    seen: new Set(outcomes.flatMap(({ seen }) => [...seen])),
  };
}

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is Keywords {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Reads a keyword's subschemas by name. */
export function mapOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isFields(value) ? Object.entries(value) : [];
}

/** Reads a keyword's list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns a number with its noun: `1 item`, `2 items`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
