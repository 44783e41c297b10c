// node check.mjs [--deep] [--only WORD]   Exit 0 if every answer is the expected one, 1 otherwise.

import { DEEP, FINDINGS, FIX_OFF, HOLD, SWITCHED_OFF } from "./experiments.mjs";
import { actions, broken, canonical, finished } from "./model.mjs";
import { initial } from "./state.mjs";
import { describe } from "./rules.mjs";
import { explore, firstStuck, trace } from "./search.mjs";

function answer({ world, rules, live = false, only = "" }) {
  const moves = (state) => actions(state, world, rules);
  const asked = (state) => {
    const property = broken(state);
    return property?.startsWith(only) ? property : undefined;
  };
  const found = explore({
    start: initial(world, rules),
    actions: moves,
    broken: asked,
    nameOf: (state) => canonical(state, world, rules),
    follow: live,
  });
  const stuck = live && found.complete ? firstStuck(found, (state) => finished(state, world)) : -1;
  const bad =
    found.violation ??
    (stuck >= 0
      ? { property: "P4 stuck: no honest move leads to settled or released", at: stuck }
      : undefined);
  return {
    property: bad?.property,
    words: bad ? trace(found.nodes, bad.at, moves) : [],
    states: found.nodes.length,
    moves: found.moves,
    levels: found.nodes.at(-1).level,
    complete: found.complete,
  };
}

const isExpected = ({ expect }, { property }) =>
  expect === "holds" ? !property : property?.startsWith(expect);

function show(experiment, result, seconds) {
  const { title, live, only } = experiment;
  const asked = only ?? `P1 P2 P3${live ? " P4" : ""}`;
  const counts = `${result.states} states, ${result.moves} moves, depth ${result.levels}${result.complete ? ", complete" : ""}, ${seconds.toFixed(1)} s`;
  const surprise = isExpected(experiment, result) ? "" : `   UNEXPECTED, wanted ${experiment.expect}`;
  console.log(
    `\n${title}${describe(title) ? ` OFF (${describe(title)})` : ""}\n  ${result.property ?? `holds (${asked})`}   [${counts}]${surprise}`,
  );
  result.words.forEach((word, index) => console.log(`   ${index + 1}. ${word}`));
}

function run(heading, experiments) {
  if (experiments.length > 0) console.log(`\n=== ${heading} ===`);
  return experiments.filter((experiment) => {
    const began = performance.now();
    const result = answer(experiment);
    show(experiment, result, (performance.now() - began) / 1000);
    return !isExpected(experiment, result);
  });
}

const word = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : "";
const deep = process.argv.includes("--deep");
const parts = [
  ["All rules on, with the fixes", HOLD],
  ...(deep ? [["Deep: all rules on, with the fixes", DEEP]] : []),
  ["One rule of the design off", SWITCHED_OFF],
  ["One fix off", FIX_OFF],
  ["The design as written", FINDINGS],
];
const surprises = parts.flatMap(([heading, list]) =>
  run(
    heading,
    list.filter(({ title }) => title.includes(word)),
  ),
);
console.log(
  `\n${surprises.length === 0 ? "Every answer is the expected one." : `Unexpected: ${surprises.map(({ title }) => title).join("; ")}`}`,
);
process.exitCode = surprises.length === 0 ? 0 : 1;
