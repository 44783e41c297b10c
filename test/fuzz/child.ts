/**
 * The process that decoders are run in: `node child.mjs JOBS PROGRESS`. It writes one line of JSON for each job that is
 * done, and before each case its place into the file PROGRESS, so that a case which never ends, or ends the process, is
 * known to whoever watches (`supervise.ts`).
 */
import { openSync, writeSync } from "node:fs";
import { runJob, type Job } from "./job.ts";
import { targetNamed } from "./targets.ts";

const [jobsText = "[]", progressFile = ""] = process.argv.slice(2);
const progress = openSync(progressFile, "w");
const place = Buffer.alloc(16);

for (const [index, job] of (JSON.parse(jobsText) as readonly Job[]).entries()) {
  const result = await runJob(targetNamed(job.target), job, (number) => {
    place.writeDoubleLE(index, 0);
    place.writeDoubleLE(number, 8);
    writeSync(progress, place, 0, place.length, 0);
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
