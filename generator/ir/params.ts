import type { SpecParentInput, SpecResource, SpecValueInput } from "../spec/spec.js";
import { findParents } from "../spec/plan-parts.js";
import { parentParamDocs } from "./docs.js";
import { toPascal } from "./names.js";
import type { Records } from "./records.js";
import type { DeclarationIr, ParamIr } from "./source-ir.js";
import { withoutNull } from "./type-paths.js";
import type { TypeBuilder } from "./types.js";

/** What parameters are typed with. */
export interface ParamsContext {
  readonly builder: TypeBuilder;
  readonly records: Records;
  readonly method: string;
  /** Takes the types that parameters declare. */
  readonly declarations: DeclarationIr[];
}

/** The parameters of a method in the spec's order, those that stand in for a parent's records included. */
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
    type: builder.build(schema, toPascal(method) + toPascal(name), declarations),
    ...(typeof description === "string" && { description }),
  };
}

/** Typed as what it stands in for; whoever knows the value need not read the parent. */
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
