import type { JsonIr } from "../../ir/source-ir.js";
import type { Sampler } from "./sampler.js";
import type { Schema } from "./type-schema.js";

/** A schema that is an object. */
export type Keywords = Exclude<Schema, boolean>;

/** Changes values so that they match schemas. */
export interface Fitter {
  readonly sampler: Sampler;
  /** Returns a value that matches a schema: the given one with as few changes as possible. Throws `unfit` if it finds none. */
  readonly fit: (value: JsonIr | undefined, schema: Schema) => JsonIr;
  /** Like `fit`, but returns `undefined` instead of an error. */
  readonly tryFit: (value: JsonIr | undefined, schema: Schema) => JsonIr | undefined;
  readonly isValid: (value: JsonIr, schema: Schema) => boolean;
}

/** Thrown if no value is found that matches a schema. */
export const unfit: Error = new Error("no value was found that matches the schema");

/** What a pass needs besides the value and its schemas. */
export interface Pass {
  readonly fitter: Fitter;
  /** The number of the pass, from 0. */
  readonly pass: number;
}
