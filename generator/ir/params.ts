import type { SpecParentInput, SpecResource, SpecValueInput } from "../spec/spec.js";
import { findParents } from "../spec/plan-parts.js";
import { parentParamDocs, paramUnionDocs } from "./docs.js";
import { toPascal, toSingularPascal } from "./names.js";
import type { Scope } from "./scope.js";
import type { Records } from "./records.js";
import type { DeclarationIr, ParamIr, ParamUnionIr } from "./source-ir.js";
import { withoutNull } from "./type-paths.js";
import type { TypeBuilder } from "./types.js";

/** The context in which parameters are typed. */
export interface ParamsContext {
  readonly builder: TypeBuilder;
  readonly records: Records;
  readonly method: string;
  /** Receives the types that parameters declare. */
  readonly declarations: DeclarationIr[];
}

/**
 * Builds the union of interfaces for a method whose parameters together identify a parent record. One member requires
 * all of them, the other excludes them. Returns `undefined` if fewer than two parameters identify the parent.
 */
export function buildParamUnion(
  params: readonly ParamIr[],
  resource: SpecResource,
  { types, method }: { readonly types: Scope; readonly method: string },
): ParamUnionIr | undefined {
  const together = params.filter((param) => param.in === "parent");
  const part = findParents(resource);
  if (!part || together.length < 2) return undefined;
  const others = params.filter((param) => param.in !== "parent");
  const claim = (suffix: string): string =>
    types.claim({ names: [`${toPascal(method)}${suffix}Params`], key: `params ${method} ${suffix}` });
  const parent = toPascal(part.parent);
  const docs = paramUnionDocs(part, method);
  return {
    ...(others.length > 0 && {
      base: { name: claim("Base"), description: docs.base, params: others, without: [] },
    }),
    members: [
      {
        name: claim(`Of${toSingularPascal(part.parent)}`),
        description: docs.one,
        params: together.map((param) => ({ ...param, required: true })),
        without: [],
      },
      {
        name: claim(`OfAll${parent}`),
        description: docs.all,
        params: [],
        without: together.map(({ name }) => name),
      },
    ],
  };
}

/** Builds the parameters of a method in the spec's order, including those that identify a parent record. */
export function buildParams(resource: SpecResource, context: ParamsContext): readonly ParamIr[] {
  return resource.inputs.map((input) =>
    input.in === "parent" ? parentParam(input, resource, context.records) : buildParam(input, context),
  );
}

function buildParam(
  { name, in: place, required, schema }: SpecValueInput,
  { builder, method, declarations }: ParamsContext,
): ParamIr {
  const description = typeof schema === "object" ? schema["description"] : undefined;
  return {
    name,
    in: place,
    required,
    type: builder.build(
      schema,
      { name: toPascal(method) + toPascal(name), path: `params ${method} ${name}` },
      declarations,
    ),
    ...(typeof description === "string" && { description }),
  };
}

/** Builds a parameter that replaces a value of the parent record. It has the type of that value. */
function parentParam({ name }: SpecParentInput, resource: SpecResource, records: Records): ParamIr {
  const part = findParents(resource);
  const { type } = records.placeholder(resource, part?.params?.[name] ?? "");
  return {
    name,
    in: "parent",
    required: false,
    type: withoutNull(type),
    ...(part && { description: parentParamDocs(part, name) }),
  };
}
