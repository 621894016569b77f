import { allowOnly, refuse, type ApiModel, type Call, type Reply } from "./api.js";
import { rowsOf } from "./recipe.js";

/** A message in Slack's format. */
export interface Message {
  readonly type: string;
  readonly user: string;
  readonly text: string;
  readonly ts: string;
}

/** A channel in Slack's format. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly is_channel: boolean;
  readonly is_archived: boolean;
}

/** Channels with the ids `C0000001`, `C0000002`, … */
export function channelsOf(count: number): readonly Channel[] {
  return rowsOf(count, (number) => ({
    id: `C${String(number).padStart(7, "0")}`,
    name: `channel-${number}`,
    is_channel: true,
    is_archived: number % 7 === 0,
  }));
}

/** Messages of a channel, newest first. */
export function messagesOf(channel: string, count: number): readonly Message[] {
  return rowsOf(count, (number) => ({
    type: "message",
    user: "U0000001",
    text: `${channel} ${number}`,
    ts: `${1_700_000_000 + number * 60}.${String(number).padStart(6, "0")}`,
  })).reverse();
}

/** Slack's Web API. Channels without an entry in `messages` are closed to the app. */
export function slack(
  channels: readonly Channel[],
  messages: Readonly<Record<string, readonly Message[]>> = {},
): ApiModel {
  const check = (call: Call): void => {
    if (call.headers.authorization !== "Bearer xoxb-1") refuse(200, "invalid_auth");
  };
  return {
    origin: "https://slack.com",
    toError: (_status, error) => ({ ok: false, error }),
    check,
    routes: {
      "GET /api/conversations.list": ({ query }) => {
        allowOnly(query, "limit", "cursor", "types", "exclude_archived", "team_id");
        return toPage(query, "channels", channels);
      },
      "GET /api/conversations.history": ({ query }) => {
        allowOnly(query, "channel", "limit", "cursor", "oldest", "latest", "inclusive");
        const all = messages[query.get("channel") ?? ""] ?? refuse(200, "not_in_channel");
        const oldest = Number(query.get("oldest") ?? 0);
        return toPage(
          query,
          "messages",
          all.filter(({ ts }) => Number(ts) > oldest),
        );
      },
    },
  };
}

function toPage(query: URLSearchParams, key: string, rows: readonly unknown[]): Reply {
  const limit = Number(query.get("limit") ?? 100);
  if (limit > 999) refuse(200, "invalid_limit");
  const cursor = query.get("cursor");
  const start =
    cursor === null ? 0 : Number(/^bmV4dDo(\d+)=$/.exec(cursor)?.[1] ?? refuse(200, "invalid_cursor"));
  const end = start + limit;
  const hasMore = end < rows.length;
  return {
    body: {
      ok: true,
      [key]: rows.slice(start, end),
      ...(key === "messages" && { has_more: hasMore }),
      response_metadata: { next_cursor: hasMore ? `bmV4dDo${end}=` : "" },
    },
  };
}
