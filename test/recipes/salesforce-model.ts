import { allowOnly, jsonOf, refuse, type ApiModel, type Call, type Reply } from "./api.js";
import { minutesLater, rowsOf, sortBy } from "./recipe.js";

/** An account in Salesforce's format. */
export interface Account {
  readonly attributes: object;
  readonly Id: string;
  readonly Name: string;
  readonly SystemModstamp: string;
}

/** Accounts, each changed a minute after the previous one. */
export function accountsOf(count: number): readonly Account[] {
  return rowsOf(count, (number) => {
    const id = `001${String(number).padStart(15, "0")}`;
    return {
      attributes: { type: "Account", url: `/services/data/v61.0/sobjects/Account/${id}` },
      Id: id,
      Name: `Account ${number}, "Ltd."`,
      SystemModstamp: minutesLater(number).replace("Z", ".000+0000"),
    };
  });
}

const data = "/services/data/v61.0";

/** The number of requests for which a token is valid, and the final state of a job. */
interface Settings {
  readonly requestsPerToken?: number;
  readonly endState?: "JobComplete" | "Failed";
}

/** Salesforce with the domain `acme`. */
export function salesforce(accounts: readonly Account[], settings: Settings = {}): ApiModel {
  const { requestsPerToken = Infinity, endState = "JobComplete" } = settings;
  const locators: (readonly Account[])[] = [];
  let [token, left, polls] = [0, 0, 0];
  return {
    origin: "https://acme.my.salesforce.com",
    toError: (status, message) => [
      {
        message,
        errorCode: status === 401 ? "INVALID_SESSION_ID" : status === 404 ? "NOT_FOUND" : "MALFORMED_QUERY",
      },
    ],
    routes: {
      "POST /services/oauth2/token": ({ body }) => {
        const form = new URLSearchParams(body);
        allowOnly(form, "grant_type", "client_id", "client_secret");
        if (form.get("client_id") !== "3MVG9" || form.get("client_secret") !== "s3cret")
          return {
            status: 400,
            body: { error: "invalid_client", error_description: "invalid client credentials" },
          };
        left = requestsPerToken;
        token += 1;
        return {
          body: {
            access_token: `00D!${token}`,
            instance_url: "https://acme.my.salesforce.com",
            token_type: "Bearer",
          },
        };
      },
      [`GET ${data}/query`]: (call) => {
        authorize(call);
        allowOnly(call.query, "q");
        const [, since] =
          /^SELECT Id, Name, SystemModstamp FROM Account WHERE SystemModstamp >= (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ORDER BY SystemModstamp$/.exec(
            call.query.get("q") ?? "",
          ) ?? [];
        if (since === undefined) return refuse(400, "unexpected token");
        const found = accounts.filter(
          ({ SystemModstamp }) => Date.parse(SystemModstamp) >= Date.parse(since),
        );
        locators.push(sortBy(found, ({ SystemModstamp }) => SystemModstamp));
        return toPage(locators.length - 1, 0);
      },
      [`GET ${data}/query/:locator`]: (call) => {
        authorize(call);
        allowOnly(call.query);
        const [, index, start] = /^01g(\d+)-(\d+)$/.exec(call.params["locator"] ?? "") ?? [];
        return toPage(Number(index), Number(start));
      },
      [`POST ${data}/jobs/query`]: (call) => {
        authorize(call);
        const job = jsonOf(call, "operation", "query");
        if (job["query"] !== "SELECT Id, Name FROM Account") refuse(400, "unexpected token");
        return { status: 200, body: { id: "750000000000001", operation: "query", state: "UploadComplete" } };
      },
      [`GET ${data}/jobs/query/750000000000001`]: (call) => {
        authorize(call);
        polls += 1;
        const state = polls < 3 ? "InProgress" : endState;
        return {
          body: { id: "750000000000001", state, ...(state === "Failed" && { errorMessage: "InvalidBatch" }) },
        };
      },
      [`GET ${data}/jobs/query/750000000000001/results`]: (call) => {
        authorize(call);
        allowOnly(call.query, "maxRecords", "locator");
        const start = Number(Buffer.from(call.query.get("locator") ?? "", "base64url").toString("utf8"));
        return toCsv(accounts, start, Math.min(Number(call.query.get("maxRecords")), 1000));
      },
    },
  };

  function authorize({ headers }: Call): void {
    if (headers.authorization !== `Bearer 00D!${token}` || left-- <= 0)
      refuse(401, "Session expired or invalid");
  }

  /** A locator reads the result of its query, even if the records change. */
  function toPage(locator: number, start: number): Reply {
    const found = locators[locator] ?? refuse(404, "invalid query locator");
    const end = start + 2000;
    const done = end >= found.length;
    const next = { nextRecordsUrl: `${data}/query/01g${locator}-${end}` };
    return { body: { totalSize: found.length, done, ...(!done && next), records: found.slice(start, end) } };
  }
}

/** The job allows 1,000 rows per page. */
function toCsv(accounts: readonly Account[], start: number, size: number): Reply {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = accounts.slice(start, start + size).map(({ Id, Name }) => `${quote(Id)},${quote(Name)}\n`);
  const end = start + rows.length;
  return {
    headers: {
      "content-type": "text/csv; charset=UTF-8",
      "sforce-numberofrecords": String(rows.length),
      "sforce-locator": end < accounts.length ? Buffer.from(String(end)).toString("base64url") : "null",
    },
    body: `"Id","Name"\n${rows.join("")}`,
  };
}
