import { ConnectorError, ReadFailure, ValidationError } from "../errors.js";
import { defineKind, type Kind, type Option } from "../kind.js";
import type { ShapeContext, Shaper } from "./shaper.js";

/** The functions in the factory's options, by resource. */
type Hooks = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/**
 * Calls a function of the factory's options, `hooks.<name>.filter` or `.map`, with each record in turn. An error that the
 * function throws ends the read with `PLUGIN_FAILED`. Default name: the resource's.
 */
export function hook(step: "filter" | "map", name?: string): Shaper {
  return {
    type: "hook",
    options: { step, ...(name !== undefined && { name }) },
    shape: async (records, context) => {
      const path = `hooks.${name ?? context.name}.${step}`;
      const run = findHook(context, name ?? context.name, step);
      if (!run) {
        const message = `the options have no function \`${path}\``;
        throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
      }
      const results: unknown[] = [];
      for (const record of records) {
        const result = await run(record);
        if (step === "filter") {
          if (result) results.push(record);
        } else if (result !== undefined) results.push(result);
        else {
          const message = `\`${path}\` returned \`undefined\`; return the record, or filter it with \`filter\``;
          throw new ReadFailure(ValidationError, "INVALID_RECORD", message);
        }
      }
      return results;
    },
  };
}

function findHook(
  { option }: ShapeContext,
  name: string,
  step: string,
): ((record: unknown) => unknown) | undefined {
  const hooks = (option("hooks") ?? {}) as Hooks;
  const functions = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
  const given = functions?.[step];
  return typeof given === "function" ? (record) => given.call(functions, record) as unknown : undefined;
}

/** The arguments of `hook`. The generator sets both. */
interface HookArguments {
  readonly step: "filter" | "map";
  readonly name?: string;
}

/** The spec's step `filter`. */
export const filterKind: Kind = /* @__PURE__ */ defineKind<HookArguments>(() => ({
  ...describe("filter"),
  summary:
    "Keeps the records for which the function `hooks.<method>.filter` of the client's options returns true.",
}));

/** The spec's step `map`. */
export const mapKind: Kind = /* @__PURE__ */ defineKind<HookArguments>(() => ({
  ...describe("map"),
  summary: "Replaces each record by the result of the function `hooks.<method>.map` of the client's options.",
  reshape: () => ({ type: "replace" }),
}));

function describe(
  step: HookArguments["step"],
): Omit<Kind, "options"> & { readonly options: Record<keyof HookArguments, Option> } {
  return {
    family: "shaper",
    type: step,
    factory: "hook",
    positional: true,
    summary: "",
    options: {
      step: { type: "text", isDerived: true, description: "The function's key." },
      name: {
        type: "text",
        isDerived: true,
        description: "The key of the resource's functions. Default: the resource's name.",
      },
    },
    phrase: () => "",
    hook: step,
    examples: [true],
  };
}
