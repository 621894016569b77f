import type { Exchange, Paginator } from "@connector-gen/runtime/plugin";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import { toKind } from "../ir/calls.js";
import { findKind, readKindUse } from "../spec/kinds.js";
import { callFactory } from "../live/call-factory.js";

/** A paginator that the first page speaks for. */
export interface Candidate {
  /** As in the spec. */
  readonly value: JsonObject;
  readonly reasons: readonly string[];
  /** Whether the first page alone is reason enough; otherwise only a second one decides. */
  readonly isPlain: boolean;
  /**
   * What the second request asks for: the next page; page 1, to see whether it is the first or the second; the last page by
   * the total, to see that there is one.
   */
  readonly test: "next" | "base" | "last";
  /** With `last`: its number, and how many records it should have. */
  readonly last?: { readonly page: number; readonly records: number };
  /** What else it may be; these count as well as it does. */
  readonly rivals?: readonly JsonObject[];
}

/** A parameter that the spec itself sends with every request. */
export interface OwnParam {
  readonly name: string;
  readonly words: string;
  readonly value: JsonValue;
  /** In the JSON body: its dotted path. */
  readonly bodyPath?: string;
}

/** The first page, and what is known of the request that brought it. */
export interface FirstPage {
  readonly exchange: Exchange;
  /** What the spec sends already, in the query and in the body. */
  readonly own: readonly OwnParam[];
  /** The parameters of the method: names that the API knows. */
  readonly inputs: readonly string[];
  /** The JSON body that goes with the request, a template. */
  readonly body?: JsonValue;
}

/** Makes a paginator of the spec's words. Throws where they are none. */
export function makePaginator(value: JsonObject): Paginator {
  const problems: string[] = [];
  const report = ({ message }: { readonly message: string }): void => void problems.push(message);
  const use = readKindUse("paginator", value, { path: [], report });
  const [problem] = problems;
  if (!use || problem !== undefined) throw new Error(problem ?? "this is no paginator");
  return callFactory(toKind(use)) as Paginator;
}

/** Whether the runtime knows a kind of paginator. */
export function hasPaginator(type: string): boolean {
  return findKind("paginator", type) !== undefined;
}
