/** What an option of the generated factory stands for. */
export interface OptionUse {
  readonly scope: "secrets" | "config";
  /** The same for the same value: such uses share an option. */
  readonly identity: string;
  /** Names to choose from, the best first. */
  readonly candidates: readonly string[];
}

/** Chooses names for options: the same value keeps its name, different values never share one. */
export interface OptionNames {
  choose(use: OptionUse): string;
}

/** Starts without any names taken. */
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

/** Writes any text as an option's name: `API_KEY`, `apiKey` and `api-key` as `api_key`. */
function toOptionName(text: string): string {
  const words = text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");
  return /^[a-z]/.test(words) ? words : `value${words && "_"}${words}`;
}

/** Names for a value kept under a dotted key, the shortest first: `token`, `github_token`. */
export function namesOfKey(key: string): readonly string[] {
  const words = key.split(".");
  return words.map((_, index) => words.slice(words.length - 1 - index).join("_"));
}
