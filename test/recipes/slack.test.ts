import { describe, expect, it } from "vitest";
import { startApi } from "./api.js";
import { openRecipe, readRun, testScenario, type Run } from "./recipe.js";
import { channelsOf, messagesOf, slack, type Message } from "./slack-model.js";

const recipe = await openRecipe("slack");
const options = { token: "xoxb-1" };
const channels = channelsOf(450);

describe("Slack", () => {
  testScenario({
    recipe,
    api: slack,
    options,
    read: (client, read) => client("channels", read),
    rows: channels,
    pages: [200, 200, 50],
    limited: {
      reply: () => ({
        status: 429,
        headers: { "retry-after": "1" },
        body: { ok: false, error: "ratelimited" },
      }),
      waitMs: 1000,
    },
    refused: { options: { token: "xoxb-2" }, message: /channels page 1: .*"invalid_auth"/ },
  });

  it("reads the messages of every channel, and in the next run those that are new", async () => {
    const [one, two] = [messagesOf("C0000001", 450), messagesOf("C0000003", 3)];
    const read = async (messages: Record<string, readonly Message[]>, from?: Run): Promise<Run> => {
      const api = await startApi(slack(channelsOf(3), messages));
      return await readRun(recipe.connect(api, options)("messages", {}, { from: from?.checkpoint }));
    };
    const first = await read({ C0000001: one, C0000003: two });
    expect(first.records.map(({ text }) => text)).toEqual([...one, ...two].map(({ text }) => text));
    expect(first.records[0]?.["_channels_id"]).toBe("C0000001");
    const second = await read({ C0000001: one, C0000003: messagesOf("C0000003", 5) }, first);
    expect(second.records.map(({ text }) => text)).toEqual(["C0000003 5", "C0000003 4"]);
  });

  it("reads the messages of one channel without the others", async () => {
    const messages = { C0000002: messagesOf("C0000002", 10) };
    const api = await startApi(slack(channels, messages));
    const read = await recipe.connect(api, options)("messages", { channel_id: "C0000002" }).toArray();
    expect(read.map(({ ts }) => ts)).toEqual(messages.C0000002.map(({ ts }) => ts));
    expect(api.calls).toHaveLength(1);
  });
});
