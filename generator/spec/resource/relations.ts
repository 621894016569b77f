import type { Report } from "../load/document.js";
import { type FieldMemo, fieldsOf, scopeOf } from "../record/json-schema-refs.js";
import { findParents, type ParentsPart } from "../plan-parts.js";
import type { ReadResource } from "./resource.js";
import { isPath } from "../selector/segments.js";
import { shapeFields } from "../record/shaped-fields.js";
import type { SpecResource } from "../spec.js";
import type { ParentUse } from "../template/template-reader.js";
import type { Raw } from "../values.js";
import { didYouMean, list, quote } from "../wording.js";

/** The diagnostics and schemas that checks of relations need. */
export interface RelationsContext {
  readonly report: Report;
  readonly schemas: Raw;
  readonly fields: FieldMemo;
}

/** Checks the relations of resources: one parent each, no circles, only fields that the parent has. */
export function checkRelations(read: readonly ReadResource[], context: RelationsContext): void {
  const byName = new Map(read.map(({ resource }) => [resource.name, resource]));
  for (const one of read) {
    checkSingleParent(one, byName, context.report);
    for (const use of one.uses) checkField(use, byName.get(use.parent), context);
  }
  checkCircles(read, byName, context.report);
}

function parentOf(resource: SpecResource | undefined): ParentsPart | undefined {
  return resource && findParents(resource);
}

function checkSingleParent(
  { resource, uses }: ReadResource,
  byName: ReadonlyMap<string, SpecResource>,
  report: Report,
): void {
  const [first] = uses;
  const other = uses.find(({ parent }) => parent !== first?.parent);
  if (!first || !other) return;
  const isAbove = ancestorsOf(first.parent, byName).includes(other.parent);
  const [near, far] = isAbove ? [first, other] : [other, first];
  const isRelated = isAbove || ancestorsOf(near.parent, byName).includes(far.parent);
  const fix = isRelated ? passOn(near, far, byName) : "use the values of one of them";
  const message = `${quote(resource.name)} has two parents, ${quote(first.parent)} and ${quote(other.parent)}: ${fix}`;
  const { location, text } = other;
  report({ code: "two-parents", message, path: location.path, ...pointAt(location.at, text) });
}

/** Describes how to pass a value of a distant ancestor to the nearer one. */
function passOn(near: ParentUse, far: ParentUse, byName: ReadonlyMap<string, SpecResource>): string {
  const field = far.name.split(".").slice(2).join(".");
  const chain = [near.parent, ...ancestorsOf(near.parent, byName)];
  const way = chain.slice(0, chain.indexOf(far.parent));
  const down = [...way].reverse();
  const carried = down.map((name, index) => {
    const key = index === 0 ? field : carriedName(far.parent, field, down.slice(0, index));
    return `add "include_from_parent": [${quote(key)}] to ${quote(name)}`;
  });
  const name = carriedName(far.parent, field, down);
  return `${carried.join(", ")}, and write {resources.${near.parent}.${name}} for {${far.name}}`;
}

/** `_ps_id` in the child, `_kids__ps_id` in the grandchild. */
function carriedName(parent: string, field: string, way: readonly string[]): string {
  return way.slice(0, -1).reduce((name, step) => `_${step}_${name}`, `_${parent}_${field}`);
}

function ancestorsOf(name: string, byName: ReadonlyMap<string, SpecResource>): readonly string[] {
  const found = new Set<string>();
  let next = parentOf(byName.get(name))?.parent;
  while (next !== undefined && next !== name && !found.has(next)) {
    found.add(next);
    next = parentOf(byName.get(next))?.parent;
  }
  return [...found];
}

/** Reports each circle of parents once. */
function checkCircles(
  read: readonly ReadResource[],
  byName: ReadonlyMap<string, SpecResource>,
  report: Report,
): void {
  const done = new Set<string>();
  read.forEach(({ resource, uses }, index) => {
    const trail = new Set<string>();
    let next: string | undefined = resource.name;
    while (next !== undefined && !done.has(next) && !trail.has(next)) {
      trail.add(next);
      next = parentOf(byName.get(next))?.parent;
    }
    for (const name of trail) done.add(name);
    if (next === undefined || !trail.has(next)) return;
    const names = [...trail];
    const circle = [...names.slice(names.indexOf(next)), next];
    const message = `circular parents: ${list(circle)}; each needs the records of the next`;
    const { location, text } = uses[0] ?? { location: { path: ["resources", index] } };
    report({ code: "circular-parents", message, path: location.path, ...pointAt(location.at, text) });
  });
}

function pointAt(
  at: "key" | undefined,
  text: ParentUse["text"],
): { at?: "key"; text?: NonNullable<ParentUse["text"]> } {
  if (at) return { at };
  return text ? { text } : {};
}

/** Warns about a field that the parent's schema lacks. Records may have more fields than their schema. */
function checkField(use: ParentUse, parent: SpecResource | undefined, context: RelationsContext): void {
  const name = isPath(use.selector) ? use.selector[0] : undefined;
  if (!parent || typeof name !== "string" || !/\w/.test(name)) return;
  const { known, removed } = shapeFields(
    fieldsOf(parent.schema, scopeOf(parent.schema, context.schemas), context.fields),
    parent.shape,
  );
  if (!removed.has(name) && (!known || known.has(name))) return;
  const fields = [...(known ?? [])];
  const why = removed.has(name)
    ? `a processing step of ${quote(parent.name)} removes ${quote(name)}`
    : `the schema of ${quote(parent.name)} has no ${quote(name)}: its fields are ${list(fields)}${didYouMean(name, fields)}`;
  const { location, text } = use;
  context.report({
    severity: "warning",
    code: "unknown-parent-field",
    message: `{${use.name}}: ${why}`,
    path: location.path,
    ...pointAt(location.at, text),
  });
}
