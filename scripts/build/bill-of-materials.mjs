/**
 * The bill of materials as CycloneDX 1.6 JSON: the packages of which code really is in the bundle, by esbuild's own
 * account, with version, licence and the hash of the archive from package-lock.json. No time and nothing random, so
 * that the same bundle has the same bill.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** RFC 9562 §6.6: the name space of URLs. */
const URL_NAMESPACE = "6ba7b8119dad11d180b400c04fd430c8";

/**
 * @param bundle what was built: its name and version, our licence, the hex SHA-256 of the file, esbuild's metafile
 * @returns the bill as text, ending in a newline
 */
export function billOfMaterials(root, { name, version, license, sha256, metafile }) {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const packages = packagesIn(root, metafile, lock);
  const self = `pkg:npm/${name}@${version}`;
  const components = new Map([...packages.values()].map((found) => [found["bom-ref"], found]));
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(`sha256:${sha256}`)}`,
    version: 1,
    metadata: {
      tools: {
        components: [
          { type: "application", name: "esbuild", version: lock.packages["node_modules/esbuild"].version },
        ],
      },
      component: {
        type: "application",
        "bom-ref": self,
        name,
        version,
        hashes: [{ alg: "SHA-256", content: sha256 }],
        licenses: [{ license: { id: license } }],
      },
    },
    components: [...components.values()].sort((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1)),
    dependencies: dependenciesOf(metafile, packages, self),
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** `node_modules/a/node_modules/@b/c/lib/d.js` is of the package that lies at `node_modules/a/node_modules/@b/c`. */
function folderOf(path) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function bundledFiles(metafile) {
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0),
  );
}

function packagesIn(root, metafile, lock) {
  const folders = new Set(bundledFiles(metafile).flatMap((path) => folderOf(path) ?? []));
  return new Map([...folders].map((folder) => [folder, componentOf(root, folder, lock.packages[folder])]));
}

function componentOf(root, folder, locked) {
  const installed = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const { name, version } = installed;
  // What is installed may be older or newer than what the lock says; then the bill would be of another bundle.
  if (locked?.version !== version || !locked.integrity?.startsWith("sha512-"))
    throw new Error(`${folder} is not the package that package-lock.json names: npm ci`);
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const [group, short] = name.startsWith("@") ? name.split("/") : [undefined, name];
  return {
    type: "library",
    "bom-ref": purl,
    ...(group === undefined ? {} : { group }),
    name: short,
    version,
    scope: "required",
    hashes: [{ alg: "SHA-512", content: Buffer.from(locked.integrity.slice(7), "base64").toString("hex") }],
    licenses: [licenceOf(locked.license, folder)],
    purl,
  };
}

function licenceOf(text, folder) {
  if (typeof text !== "string") throw new Error(`${folder} says no licence in package-lock.json`);
  return /[ ()]/.test(text) ? { expression: text } : { license: { id: text } };
}

function dependenciesOf(metafile, packages, self) {
  const refOf = (path) => packages.get(folderOf(path))?.["bom-ref"] ?? self;
  const edges = new Map([[self, new Set()]]);
  for (const found of packages.values()) edges.set(found["bom-ref"], new Set());
  for (const path of bundledFiles(metafile)) {
    const from = refOf(path);
    for (const { path: to, external } of metafile.inputs[path]?.imports ?? []) {
      if (external !== true && packages.has(folderOf(to)) && refOf(to) !== from)
        edges.get(from).add(refOf(to));
    }
  }
  return [...edges]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ref, to]) => ({ ref, dependsOn: [...to].sort() }));
}

// UUID of version 5: of a name, so that it says which file the bill is of.
function uuidOf(name) {
  const bytes = createHash("sha1").update(Buffer.from(URL_NAMESPACE, "hex")).update(name).digest();
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.subarray(0, 16).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
