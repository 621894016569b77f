import { fail, type ResponseActions } from "@connector-gen/runtime/plugin";

/** The body of a GraphQL response, as far as its errors go. */
interface GraphQlBody {
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Turns the `errors` of a GraphQL response into errors of the read. Retries if the API throttles. */
export function graphQlActions(): ResponseActions {
  return {
    rules: [],
    readsBody: true,
    judge: ({ status, text }) => {
      // The page of a proxy is not GraphQL. The runtime decides about it.
      if (status !== 200 || !text.startsWith("{")) return undefined;
      const [first] = (JSON.parse(text) as GraphQlBody).errors ?? [];
      if (!first) return undefined;
      if (first.extensions?.code === "THROTTLED")
        return fail("RETRY_REQUESTED", first.message, { retryable: true, status });
      return fail("RESPONSE_REJECTED", first.message, { status });
    },
  };
}
