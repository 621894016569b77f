import { expandValue, fail, type Body, type JsonObject, type JsonValue } from "@connector-gen/runtime/plugin";

/** The call of one SOAP operation. */
export interface SoapOptions {
  /** The name of the operation's element: `ListOrders`. */
  readonly operation: string;
  /** Its namespace. */
  readonly namespace: string;
  /** The operation's fields. Texts are templates. */
  readonly fields?: JsonObject | undefined;
}

/** Writes a SOAP 1.1 envelope. The caller's parameters and the paginator's values replace fields of the same name. */
export function soapBody(options: SoapOptions): Body {
  const { operation, namespace, fields = {} } = options;
  return {
    type: "soap",
    template: options,
    build: async ({ method, allowsBody, params, page, lookup }) => {
      if (!allowsBody) fail("INVALID_OPTIONS", `${method} cannot have a body; SOAP needs POST`);
      const own = (await expandValue(fields, lookup)) as JsonObject;
      const content = writeFields({ ...own, ...params, ...page });
      const call = `<${operation} xmlns="${escapeXml(namespace)}">${content}</${operation}>`;
      return {
        text: `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>${call}</Body></Envelope>`,
        contentType: "text/xml; charset=utf-8",
      };
    },
  };
}

function writeFields(fields: JsonObject): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => {
      if (!/^[A-Za-z_][\w.-]*$/.test(name)) fail("INVALID_PARAMS", `\`${name}\` is not a valid element name`);
      return `<${name}>${writeValue(value)}</${name}>`;
    })
    .join("");
}

function writeValue(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return escapeXml(String(value));
  if (Array.isArray(value)) return fail("INVALID_PARAMS", "a SOAP field cannot be a list");
  return writeFields(value as JsonObject);
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
