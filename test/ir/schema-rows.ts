/** A schema and the types that it becomes, without `readonly`. */
export interface Row {
  readonly name: string;
  readonly schema?: unknown;
  /** The spec's shared schemas. */
  readonly schemas?: object;
  /** `$defs` beside the field. */
  readonly defs?: object;
  readonly columns?: object;
  readonly want: string | readonly string[];
}

export const text: object = { type: "string" };
export const whole: object = { type: "integer" };

/** Shared schemas with the type `userType`. */
export const schemas: object = {
  User: { type: "object", required: ["id"], properties: { id: whole, name: text } },
};
export const userType = "interface User { id: number; name?: string }";

/** Objects that differ in `kind`. */
export const card: object = {
  type: "object",
  properties: { kind: { const: "card" }, last4: text },
  required: ["kind", "last4"],
};
export const iban: object = {
  type: "object",
  properties: { kind: { const: "iban" }, iban: text },
  required: ["kind", "iban"],
};
