import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import type { Exchange, Paginator } from "@connector-gen/runtime/plugin";
import { toKind } from "../ir/calls.js";
import { findKind, readKindUse } from "../spec/kinds.js";
import { callFactory } from "../live/call-factory.js";

/** A paginator that the first page suggests. */
export interface Candidate {
  /** Paginator block of the spec. */
  readonly value: JsonObject;
  readonly reasons: readonly string[];
  /** Whether the first page alone is enough evidence; otherwise a second page must confirm it. */
  readonly isConclusive: boolean;
  /**
   * Which page the test requests: `next`, the next page; `number`, page 2 and then page 1, to see whether numbers start
   * at 0 or 1; `last`, the last page by the total, to see whether it exists.
   */
  readonly test: "next" | "number" | "last";
  /** Whether it is the paginator of the parent resource. */
  readonly isInherited?: true;
  /** With `last`: the number of the last page and the expected number of its records. */
  readonly last?: { readonly page: number; readonly records: number };
  /** The same paginator with other parameters, the likeliest first; a second page decides. */
  readonly rivals?: readonly JsonObject[];
  /** The same paginator with parameters that nothing suggests; tested with the rivals, but not reported. */
  readonly others?: readonly JsonObject[];
}

/** A parameter that the spec sends with every request. */
export interface OwnParam {
  readonly name: string;
  /** The words of the name, see `wordsOf`. */
  readonly words: string;
  readonly value: JsonValue;
  /** Dotted path of a parameter in the JSON body. */
  readonly bodyPath?: string;
}

/** The first page and the request for it. */
export interface FirstPage {
  readonly exchange: Exchange;
  /** Path to the list of records in the body; absent if unknown. */
  readonly listPath?: readonly string[];
  /** Parameters that the spec sends in the query and in the body. */
  readonly own: readonly OwnParam[];
  /** Parameters of the generated method. The API knows these names. */
  readonly inputs: readonly string[];
  /** Template of the request's JSON body. */
  readonly body?: JsonValue;
  /** The field that identifies a record, if there is one. */
  readonly key?: string;
  /** The paginator of the resource whose records are the parents. */
  readonly parent?: JsonObject;
}

/** Creates a paginator from its block in a spec. Throws if the block is invalid. */
export function createPaginator(value: JsonObject): Paginator {
  const problems: string[] = [];
  const report = ({ message }: { readonly message: string }): void => void problems.push(message);
  const use = readKindUse("paginator", value, { path: [], report });
  const [problem] = problems;
  if (!use || problem !== undefined) throw new Error(problem ?? "unknown paginator");
  return callFactory(toKind(use)) as Paginator;
}

/** Whether the runtime has this kind of paginator. */
export function hasPaginator(type: string): boolean {
  return findKind("paginator", type) !== undefined;
}
