import { ConnectorError, Fault } from "../errors.js";
import { defineKind, type Kind, type Option } from "../kind.js";
import type { ShapeContext, Shaper } from "./shaper.js";
import { shapingSteps } from "./shaping.js";
import { steps } from "../read/steps.js";

/** The functions of the factory's options, by resource, as a generated module types them. */
interface HookOptions {
  readonly hooks?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
}

/**
 * Puts the records through a function of the factory's options, `hooks.<name>.filter` or `.map`, one after the other.
 * What the function throws leaves the read as it is. `name` is the resource's unless it is given.
 */
export function hook(step: "filter" | "map", name?: string): Shaper {
  return {
    type: "hook",
    options: { step, ...(name !== undefined && { name }) },
    [steps]: shapingSteps,
    shape: async (records, context) => {
      const place = `hooks.${name ?? context.resource.name}.${step}`;
      const run = findHook(context, name ?? context.resource.name, step);
      if (!run)
        throw new Fault(
          ConnectorError,
          "INVALID_OPTIONS",
          `no function \`${place}\`: give it in the options`,
        );
      const results: unknown[] = [];
      for (const record of records) {
        const result = await run(record);
        if (step === "filter") {
          if (result) results.push(record);
        } else if (result !== undefined) results.push(result);
        else throw new Fault(ConnectorError, "INVALID_RECORD", `\`${place}\` returns nothing for a record`);
      }
      return results;
    },
  };
}

function findHook(
  { client }: ShapeContext,
  name: string,
  step: string,
): ((record: unknown) => unknown) | undefined {
  const { hooks = {} } = client.options as HookOptions;
  const functions = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
  const given = functions?.[step];
  return typeof given === "function" ? (record) => given.call(functions, record) as unknown : undefined;
}

/** The options of `hook`: the generator gives both. */
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
