import { allowOnly, refuse, requireHeader, type ApiModel } from "./api.js";
import { minutesLater, rowsOf, sortBy } from "./recipe.js";

/** An entity of the service. */
export interface Order {
  readonly ID: number;
  readonly Total: number;
  readonly ModifiedAt: string;
}

/** Orders, each modified a minute after the previous one. */
export function ordersOf(count: number): readonly Order[] {
  return rowsOf(count, (number) => ({ ID: number, Total: number + 0.5, ModifiedAt: minutesLater(number) }));
}

/** An OData service whose links are absolute or relative to the request. */
export function odata(orders: readonly Order[], links: "absolute" | "relative" = "absolute"): ApiModel {
  return {
    origin: "https://erp.example.com",
    toError: (status, message) => ({ error: { code: String(status), message } }),
    check: (call) => {
      if (call.headers.authorization !== "Bearer t0ken") refuse(401, "The token is not valid.");
      requireHeader(call, "OData-MaxVersion", "4.0");
    },
    routes: {
      "GET /odata/v4/Orders": ({ origin, path, query, headers }) => {
        allowOnly(query, "$select", "$filter", "$orderby", "$skiptoken");
        const [, wanted = "100"] = /odata\.maxpagesize=(\d+)/.exec(String(headers["prefer"])) ?? [];
        const size = Math.min(Number(wanted), 500);
        const [, since] = /^ModifiedAt ge (\S+Z)$/.exec(query.get("$filter") ?? "") ?? [];
        if (since === undefined) return refuse(400, "Syntax error in $filter");
        if (query.get("$orderby") !== "ModifiedAt,ID") refuse(400, "the test needs an order");
        const keyOf = ({ ModifiedAt, ID }: Order): string => `${ModifiedAt} ${String(ID).padStart(9, "0")}`;
        const rest = sortBy(
          orders.filter(({ ModifiedAt }) => ModifiedAt >= since),
          keyOf,
        ).filter((order) => keyOf(order) > (query.get("$skiptoken") ?? ""));
        const value = rest.slice(0, size);
        const [last] = value.slice(-1);
        const next = new URLSearchParams(query);
        if (last) next.set("$skiptoken", keyOf(last));
        const link = `${links === "absolute" ? `${origin}${path}` : "Orders"}?${next.toString()}`;
        return {
          headers: { "odata-version": "4.0", "preference-applied": `odata.maxpagesize=${size}` },
          body: {
            "@odata.context": `${origin}/odata/v4/$metadata#Orders`,
            value,
            ...(rest.length > size && { "@odata.nextLink": link }),
          },
        };
      },
    },
  };
}
