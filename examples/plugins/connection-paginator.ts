import { fail, select, type Paginator, type Path } from "@connector-gen/runtime/plugin";

/** Options of `connection`. */
export interface ConnectionOptions {
  /** The path of the connection in the response: `["data", "orders"]`. */
  readonly path: Path;
  /** Records per page. Default 50. */
  readonly first?: number | undefined;
}

/** Pages through a GraphQL connection: sends the variables `first` and `after`, and reads `pageInfo`. */
export function connection(options: ConnectionOptions): Paginator {
  const { path, first = 50 } = options;
  return {
    type: "connection",
    options,
    start: {},
    request: ({ after = null }) => ({ body: { "variables.first": first, "variables.after": after } }),
    next: (_position, { body, isSecret }) => {
      const [info] = select([...path, "pageInfo"], body) ?? [];
      const { hasNextPage, endCursor } = Object(info) as Readonly<Record<string, unknown>>;
      if (typeof hasNextPage !== "boolean")
        return fail("PAGE_INFO_MISSING", `the response has no \`${path.join(".")}.pageInfo.hasNextPage\``, {
          retryable: true,
        });
      if (!hasNextPage) return { stop: "has_more_false" };
      if (typeof endCursor !== "string" || isSecret(endCursor))
        return fail("PAGE_INFO_INVALID", "there is a next page, but `endCursor` is not a usable cursor");
      return { next: { after: endCursor } };
    },
  };
}
