// Checks the packed packages in a folder: publint their contents, and attw their types as each kind of importer finds them.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node scripts/check-packages.mjs <folder>");
  process.exit(2);
}

const problems = [];
for (const name of readdirSync(folder)) {
  const tarball = new Uint8Array(readFileSync(join(folder, name)));
  const found = [...(await findInContents(tarball)), ...(await findInTypes(tarball, ignoredIn(name)))];
  problems.push(...found.map((problem) => `${name}: ${problem}`));
}
console.log(problems.join("\n"));
process.exit(problems.length === 0 ? 0 : 1);

/** The ways to import for which a package need not have types. The generator and sync run in Node, as ESM. */
function ignoredIn(name) {
  return name.includes("runtime") ? [] : ["node10", "node16-cjs"];
}

async function findInContents(tarball) {
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  return messages
    .filter(({ type }) => type !== "suggestion")
    .map((message) => `publint: ${formatMessage(message, pkg)}`);
}

async function findInTypes(tarball, ignored) {
  const { types, problems: all = [] } = await checkPackage(createPackageFromTarballData(tarball));
  if (!types) return ["attw: the package has no types"];
  return all
    .filter(({ resolutionKind }) => !ignored.includes(resolutionKind))
    .map((problem) => `attw: ${JSON.stringify(problem)}`);
}
