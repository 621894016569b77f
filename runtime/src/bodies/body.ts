import type { PageRequest } from "../paginators/paginator.js";
import type { Reading } from "../read/reading.js";
import type { Extension } from "../read/steps.js";
import type { Lookup } from "../client/template.js";

/** Makes the body of a request: `jsonBody`, `formBody` and `rawBody`. */
export interface Body extends Extension {
  /** The spec's word: `json`, `form` or `raw`. */
  readonly type: string;
  /** The template it was made with, as data. */
  readonly template: unknown;
  /** The text of one page's body. Throws a `Fault` when it cannot be sent. */
  readonly build: (context: BodyContext) => Promise<BodyText>;
}

/** What a body is made from. */
export interface BodyContext extends Reading {
  readonly method: string;
  readonly lookup: Lookup;
  /** What the paginator puts into it. */
  readonly page: PageRequest;
}

/** A body as text, with the type it is sent as unless a header says otherwise. */
export interface BodyText {
  readonly text: string;
  readonly contentType?: string;
}
