/** Set when the command line is bundled. */
declare const buildOfConnectorGen: string | undefined;

/** Identifies this build of connector-gen and the packages in it. Undefined when the sources run without a build. */
export const buildId: string | undefined =
  typeof buildOfConnectorGen === "undefined" ? undefined : buildOfConnectorGen;
