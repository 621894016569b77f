import {
  isConnectorError,
  type Checkpoint,
  type ConnectorError,
  type RecordStream,
} from "@connector-gen/runtime";
import type { Session } from "./replay.js";

/** The outcome of one read. */
export interface Outcome {
  /** Exchanges in the order of the requests. */
  readonly requests: readonly number[];
  /** The problems that the server found. */
  readonly problems: readonly string[];
  /** Includes records that were read before an error. */
  readonly records: readonly unknown[];
  readonly error?: ConnectorError;
  /** The checkpoint of the last page. */
  readonly checkpoint?: Checkpoint;
}

/** Reads a stream to its end or its error, page by page. */
export async function collectOutcome(stream: RecordStream<unknown>, session: Session): Promise<Outcome> {
  const records: unknown[] = [];
  const problems: string[] = [];
  let checkpoint: Checkpoint | undefined;
  let error: ConnectorError | undefined;
  try {
    for await (const page of stream.pages()) {
      records.push(...page.records);
      checkpoint = page.checkpoint;
    }
  } catch (thrown) {
    if (isConnectorError(thrown)) error = thrown;
    else problems.push(`the read threw what is no ConnectorError: ${String(thrown)}`);
  }
  return {
    requests: session.requests(),
    problems: [...session.problems(), ...problems],
    records,
    ...(error && { error }),
    ...(checkpoint && { checkpoint }),
  };
}
