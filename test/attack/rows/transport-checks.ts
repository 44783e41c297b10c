import type { Check } from "./check.ts";

/** Checks of what comes across the gap: frames, files, documents. */
export const OF_TRANSPORT = {
  "fragments are as many as are solved for": {
    file: "src/airgap/fountain-part.ts",
    find: "if (‹seqLen > LIMITS.urFragmentsMax›) {",
    instead: "false",
  },
  "a message is as long as is taken": {
    file: "src/airgap/fountain-part.ts",
    find: "if (‹messageLen > LIMITS.urMessageBytesMax›) {",
    instead: "false",
  },
  "frames above the count are mixed ones": {
    file: "src/airgap/fountain-part.ts",
    find: "if (‹!isCount(seqNum)› || !isCount(seqLen)",
    instead: "!isCount(seqNum) || seqNum > (seqLen as number)",
  },
  "the message has the checksum that its frames say": {
    file: "src/airgap/ur-decoder.ts",
    find: "if (‹crc32(cbor) !== part.checksum›) throw",
    instead: "false",
  },
  "a scan keeps to the message that it began with": {
    file: "src/airgap/ur-decoder.ts",
    find: "if (‹scan.urType !== urType || !isSameMessage(scan.first, part)›) {",
    instead: "false",
  },
  "inflating stops at the limit": {
    file: "src/airgap/bbqr-decoder.ts",
    find: "maxOutputLength: ‹LIMITS.bbqrBytesMax›, info",
    instead: "2 ** 30",
  },
  "parts are equally long": {
    file: "src/airgap/bbqr-decoder.ts",
    find: "const unequal = ‹!isLast && bytes.length !== full›;",
    instead: "false",
  },
  "a part that comes again is the same": {
    file: "src/airgap/bbqr-decoder.ts",
    find: "if (‹!equalBytes(known, part.bytes)›) throw",
    instead: "false",
  },
  "a part is one of the total": {
    file: "src/airgap/bbqr-part.ts",
    find: "if (‹index >= total›)",
    instead: "false",
  },
  "a name is of its alphabet": {
    file: "src/core/identifier.ts",
    find: "if (‹!/^[a-z][a-z0-9-]{0,31}$/.test(text)›) {",
    instead: "false",
  },
  "bytes equal their canonical re-encoding": {
    file: "src/core/canonical.ts",
    find: "if (‹!equalBytes(canonicalBytes(value as Json), bytes)›) {",
    instead: "false",
  },
  "text in a document is safe to show": {
    file: "src/core/canonical.ts",
    find: "if (‹isSafeText(value)›) return;",
    instead: "true",
  },
  "text that is written is safe to show": {
    file: "src/core/canonical.ts",
    find: "assert(‹isSafeText(value)›,",
    instead: "true",
  },
  "unsafe text is written out": {
    file: "src/core/text.ts",
    find: "? text : ‹withoutLookAlikes(text.replace(unseen(), writeOut), writeOut)›;",
    instead: "text",
  },
  "a document is of the kind asked for": {
    file: "src/core/document.ts",
    find: 'if (‹kind !== type.kind› || (value as JsonObject)["version"] !== type.version) {',
    instead: "false",
  },
  "a file's size is within the limit": {
    file: "src/terminal/files.ts",
    find: "if (‹fstatSync(file).size > bytesMax›) throw",
    instead: "false",
  },
  "what was read is within the limit": {
    file: "src/terminal/files.ts",
    find: "if (‹bytes.length > bytesMax›) throw",
    instead: "false",
  },
  "a folder's entries are files of its own": {
    file: "src/terminal/scan.ts",
    find: "‹entry.isFile()› && !entry.name.startsWith",
    instead: "true",
  },
  "a tag is the type's own": {
    file: "src/airgap/ur-types.ts",
    find: "return ‹tags.includes(value.tag)› ? value.value : value;",
    instead: "true",
  },
} as const satisfies Readonly<Record<string, Check>>;
