import type { ResourceReport } from "../detect/detect-resource.js";
import { count, findingKeys, type Finding, type FindingKey } from "../detect/finding.js";
import { secretsOf } from "../detect/hints.js";
import { printJson } from "../spec/print-json.js";
import type { SourceIr } from "../ir/source-ir.js";
import type { Terminal } from "./terminal.js";

/** The field with the time of a record's last change, and the query parameter that selects newer records. */
export interface Since {
  readonly field: string;
  readonly param: string;
}

/** Returns the field and the parameter for later runs; `undefined` if one of them is missing. */
export function sinceOf({ findings }: ResourceReport, param: string | undefined): Since | undefined {
  const field = findings.filter(({ key }) => key === "incremental").map(cursorOf)[0];
  return field === undefined || param === undefined ? undefined : { field, param };
}

function cursorOf({ value, alternatives }: Finding): string | undefined {
  return ((value ?? alternatives[0]?.value) as { readonly cursor_path?: string } | undefined)?.cursor_path;
}

const titles: Readonly<Record<FindingKey, string>> = {
  decoder: "decoder",
  data_layout: "layout",
  data_selector: "records",
  paginator: "paginator",
  include_from_parent: "from parent",
  primary_key: "primary key",
  big_integers: "big integers",
  incremental: "incremental",
};

/** Width of the labels in characters. */
export const labelWidth = 14;

/** The subject of a description. */
export interface Description {
  readonly source: SourceIr;
  readonly terminal: Terminal;
  readonly since: Since | undefined;
}

/** Describes the findings for one resource, one line each. */
export function describeResource(
  { name, request, findings }: ResourceReport,
  { source, terminal, since }: Description,
): readonly string[] {
  const head = request
    ? `${terminal.style("bold", `${request.method} ${request.url}`)}  ${request.status ?? ""}, ${count(request.records, "record")}`
    : terminal.style("bold", name);
  const selector = findings.find(({ key }) => key === "data_selector");
  const at = selector?.value === undefined ? "" : ` at ${JSON.stringify(selector.value)}`;
  const rows = findingKeys
    .filter((key) => key !== "data_selector" || selector?.value === undefined)
    .flatMap((key) => findings.filter((finding) => finding.key === key))
    .flatMap((finding) => describeFinding(finding, terminal, since));
  return [`${head}${at}`, ...rows, ...describeAuth(source, name)];
}

function describeFinding(finding: Finding, { style }: Terminal, since: Since | undefined): readonly string[] {
  const { key, value, reasons, alternatives } = finding;
  const label = `  ${titles[key].padEnd(labelWidth)}`;
  const why = style("dim", `(${reasons.join("; ")})`);
  if (key === "incremental") {
    const field = cursorOf(finding) ?? "unknown";
    return [
      since
        ? `${label}${style("green", field)}, later runs send ?${since.param}=…`
        : `${label}${field}, parameter unknown (--since PARAM to use it)`,
    ];
  }
  if (value !== undefined) return [`${label}${style("green", printJson(value))}  ${why}`];
  const choices = alternatives
    .slice(0, 5)
    .map((each) => `  ${" ".repeat(labelWidth)}possibly ${printJson(each.value)}`);
  return [`${label}${style("yellow", "unknown")}  ${why}`, ...choices];
}

function describeAuth(source: SourceIr, name: string): readonly string[] {
  const own = source.resources.find((each) => each.name === name)?.auth;
  const auth = own === undefined ? source.auth : own;
  if (!auth) return [];
  const secrets = secretsOf(auth, source);
  const from = secrets.map((each) => `{secrets.${each.name}}`).join(" and ");
  return [
    `  ${"auth".padEnd(labelWidth)}${auth.type}, from ${from}  (${secrets.map(({ env }) => env).join(" and ")} in the environment)`,
  ];
}
