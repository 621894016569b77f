import { fail, type ResponseActions } from "@connector-gen/runtime/plugin";

/** The part of a GraphQL response that holds errors. */
interface GraphQlBody {
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Turns the `errors` of a GraphQL response into errors of the read. Retries if the API throttles requests. */
export function graphQlActions(): ResponseActions {
  return {
    rules: [],
    readsBody: true,
    judge: ({ status, text }) => {
      // A page of a proxy is not GraphQL. The runtime handles it.
      if (status !== 200 || !text.startsWith("{")) return undefined;
      const [first] = (JSON.parse(text) as GraphQlBody).errors ?? [];
      if (!first) return undefined;
      if (first.extensions?.code === "THROTTLED")
        return fail("RETRY_REQUESTED", first.message, { retryable: true, status });
      return fail("RESPONSE_REJECTED", first.message, { status });
    },
  };
}
