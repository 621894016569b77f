/** The use of an option of the generated factory. */
export interface OptionUse {
  readonly scope: "secrets" | "config";
  /** Identity of the value. Uses with the same identity share an option. */
  readonly identity: string;
  /** Possible names, the best first. */
  readonly candidates: readonly string[];
}

/** Chooses names for options: one name per value, and different names for different values. */
export interface OptionNames {
  choose(use: OptionUse): string;
}

/** Creates an empty set of option names. */
export function createOptionNames(): OptionNames {
  const chosen = new Map<string, string>();
  const taken = new Set<string>();
  return {
    choose: ({ scope, identity, candidates }) => {
      const id = `${scope}:${identity}`;
      const known = chosen.get(id);
      if (known !== undefined) return known;
      const names = candidates.map(toOptionName);
      const [first = "value"] = names;
      for (let number = 2; ;) {
        const name = names.shift() ?? `${first}_${number++}`;
        if (taken.has(name)) continue;
        taken.add(name);
        chosen.set(id, name);
        return name;
      }
    },
  };
}

/** Converts text to the name of an option: `API_KEY`, `apiKey` and `api-key` become `api_key`. */
function toOptionName(text: string): string {
  const words = text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");
  return /^[a-z]/.test(words) ? words : `value${words && "_"}${words}`;
}

/** Lists names for a value under a dotted key, the shortest first: `token`, `github_token`. */
export function namesOfKey(key: string): readonly string[] {
  const words = key.split(".");
  return words.map((_, index) => words.slice(words.length - 1 - index).join("_"));
}
