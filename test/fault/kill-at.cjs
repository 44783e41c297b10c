/**
 * Loaded before a built program (NODE_OPTIONS): counts what it makes durable or sends, and ends it with SIGKILL at the
 * moment that FAULT_AT names. Each of these counts twice, before it happens and after: a commit of the database, a file
 * that is synced, renamed or linked, and a transaction that is sent to the node. Tests alone use it.
 */
"use strict";
const { createRequire } = require("node:module");
const { join } = require("node:path");

const at = Number(process.env.FAULT_AT ?? "0");
let moments = 0;

function moment() {
  moments += 1;
  if (moments !== at) return;
  process.kill(process.pid, "SIGKILL");
  // The signal may take a moment: nothing else happens in it.
  for (;;);
}

function around(object, name, counts) {
  const inner = object[name];
  object[name] = function (...args) {
    if (!counts(...args)) return inner.apply(this, args);
    moment();
    const result = inner.apply(this, args);
    moment();
    return result;
  };
}

const always = () => true;
const fs = require("node:fs");
for (const name of ["fsyncSync", "renameSync", "linkSync"]) around(fs, name, always);

// The driver is required from the programs' folder; what is patched here is what they get.
try {
  const Database = createRequire(join(process.env.FAULT_ROOT, "package.json"))("better-sqlite3");
  around(Database.prototype, "exec", (sql) => sql === "COMMIT");
} catch {
  // A program without a database: the signer.
}

const http = require("node:http");
const { request } = http;
http.request = function (...args) {
  const made = request.apply(this, args);
  const { end } = made;
  made.end = function (body, ...rest) {
    if (!String(body).includes('"sendrawtransaction"')) return end.call(this, body, ...rest);
    moment();
    this.on("response", moment);
    return end.call(this, body, ...rest);
  };
  return made;
};
