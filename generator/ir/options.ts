import { clientRules } from "@connector-gen/runtime/kinds";
import { findPartitions } from "../spec/plan-parts.js";
import type { KindUse, Spec } from "../spec/spec.js";
import { factsOf } from "./calls.js";
import { toCamel, toUpperSnake } from "./names.js";
import { assignNames, type Wish } from "./scope.js";
import type { ClientOptionIr, SecretIr, SourceIr } from "./source-ir.js";

/** Options that every client may have. A secret of the same name gets a suffix. */
const common = [...Object.keys(clientRules), "hooks"];

/**
 * Collects the options of a factory besides those of every client: those that the spec names and those that its auth
 * schemes need.
 */
export function buildOptions(spec: Spec): Pick<SourceIr, "secrets" | "config" | "clientOptions"> {
  const clientOptions = collectClientOptions(spec);
  const names = assignNames(
    [
      ...spec.secrets.map((name) => wishOf(`secrets.${name}`, { name, suffix: "Secret", rank: 0 })),
      ...spec.config.map((name) => wishOf(`config.${name}`, { name, suffix: "Value", rank: 1 })),
    ],
    [...common, ...clientOptions.map(({ name }) => name)],
  );
  const secrets = spec.secrets.map((name): SecretIr => {
    const env = `${toUpperSnake(spec.name)}_${toUpperSnake(name)}`;
    return { name, option: names.get(`secrets.${name}`) ?? "", env: /^\d/.test(env) ? `_${env}` : env };
  });
  const lists = listNames(spec);
  const config = spec.config.map((name) => {
    return { name, option: names.get(`config.${name}`) ?? "", isList: lists.has(name) };
  });
  return { secrets, config, clientOptions };
}

function wishOf(
  key: string,
  { name, suffix, rank }: { readonly name: string; readonly suffix: string; readonly rank: number },
): Wish & { readonly key: string } {
  const option = toOption(name);
  return { key, rank, names: [option, option + suffix] };
}

/** Options are properties, so reserved words need no change. */
function toOption(name: string): string {
  return toCamel(name).replace(/_$/, "");
}

/** Lists the config values that hold all values of a partition. */
function listNames({ resources }: Spec): ReadonlySet<string> {
  const partitions = resources.flatMap((resource) => Object.values(findPartitions(resource)));
  return new Set(
    partitions.flatMap((values) => (typeof values === "string" ? [values.slice("{config.".length, -1)] : [])),
  );
}

/**
 * Collects the options of all schemes. If several schemes read an option, each adds its type, and one can make it
 * required.
 */
function collectClientOptions(spec: Spec): readonly ClientOptionIr[] {
  const uses = [spec.auth, ...spec.resources.map(({ auth }) => auth)].flatMap((use) => (use ? [use] : []));
  const found = new Map<string, ClientOptionIr>();
  for (const option of uses.flatMap((use) => optionsOf(use))) {
    const other = found.get(option.name);
    if (!other) {
      found.set(option.name, option);
      continue;
    }
    found.set(option.name, {
      ...other,
      types: [...new Set([...other.types, ...option.types])],
      imports: [...new Set([...other.imports, ...option.imports])],
      required: other.required || option.required,
    });
  }
  return [...found.values()];
}

function optionsOf(use: KindUse): readonly ClientOptionIr[] {
  const own = use.kind.clientOptions?.(factsOf(use)) ?? [];
  const inner = Object.values(use.uses ?? {}).flatMap(optionsOf);
  return [
    ...own.map(({ name, type, imports, description, isRequired = false }) => {
      return { name, types: [type], imports, description, required: isRequired };
    }),
    // A client uses one of several schemes, so the options of the others may be missing.
    ...inner.map((option) => ({ ...option, required: false })),
  ];
}
