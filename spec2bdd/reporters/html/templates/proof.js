// The proof of one criterion: why it has its verdict, the scenario with its steps, the failure, and the history.

const STEP_SIGNS = { passed: "✓", failed: "✗", pending: "○", skipped: "»", "not-run": "?" };
const RESULTS = { p: ["proved", "passed"], f: ["failed", "failed"], o: ["pending", "pending"], "-": ["none", "no result"] };
// A reader sees from a few what the others are like.
const MOST_FAULTS = 5;
const WEAK = ["blind", "weaker"];
const PROOFS = {
  generated: "generated from the criterion",
  "hand-written": "written by hand",
  children: "the criteria nested under it",
  none: "no scenario",
};

function buildProof(criterion, spec) {
  const { scenario } = criterion;
  const reason = criterion.reason.filter((line) => line.trim());
  // The first line of a failure is shown below its step, too.
  const repeated = scenario?.steps.some(({ error }) => error.length && error[0] === reason[0]);
  return [
    el("p", { class: "verdict" }, el("strong", { class: criterion.state }, criterion.label),
      reason.length && !repeated ? `: ${reason[0]}` : "", criterion.flaky && el("span", { class: "flag" }, "unstable")),
    reason.length > 1 && !scenario && el("pre", { class: "output", tabindex: "0" }, reason.slice(1).join("\n")),
    criterion.reworded && el("p", {}, "Last accepted wording: ", el("q", {}, criterion.reworded)),
    scenario && buildScenario(scenario, spec, criterion),
    buildStrength(criterion),
    ...buildLines(criterion),
    criterion.next && el("p", { class: "next" }, "Next: ", inlineCode(criterion.next)),
    buildHistory(criterion),
    el("dl", { class: "facts small" },
      criterion.run && fact("last run", criterion.run),
      fact("rule", criterion.rule),
      fact("proof", PROOFS[criterion.proof], criterion.files.length > 0 && [" in ", el("code", {}, criterion.files.join(", "))]),
      fact("criterion", `${criterion.tier}, #${criterion.number}${criterion.box ? `, box [${criterion.box}]` : ""}, line ${criterion.line} of `, el("code", {}, spec.path)),
      fact("link", el("a", { href: `#${criterion.id}` }, el("code", {}, `#${criterion.id}`)))),
  ];
}

const fact = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

/** What is between backticks is code. */
function inlineCode(text) {
  return text.split("`").map((part, number) => (number % 2 ? el("code", {}, part) : part));
}

function buildScenario(scenario, spec, criterion) {
  const name = scenario.name !== criterion.text && el("span", {}, scenario.name, " ");
  return el("div", { class: "scenario" },
    el("p", { class: "small" }, "Scenario ", name, el("code", {}, scenario.place),
      scenario.seconds ? `, ${duration(scenario.seconds)}` : "",
      scenario.tries ? `, run ${scenario.tries + 1} times` : "", scenario.finished ? "" : ", the run ended before it did"),
    el("ol", { class: "steps" }, scenario.steps.map((step) => buildStep(step, spec))),
    scenario.failures.length ? el("pre", { class: "output failed", tabindex: "0" }, [...scenario.failures, scenario.failed_at].filter(Boolean).join("\n")) : null,
    scenario.output.length ? el("details", {}, el("summary", {}, "Output and traceback"),
      el("pre", { class: "output", tabindex: "0" }, scenario.output.join("\n"))) : null,
  );
}

function buildStep(step, spec) {
  const code = spec.source[step.location];
  const place = step.location && (code
    ? el("details", { class: "code" }, el("summary", {}, el("code", {}, step.location)), el("pre", { tabindex: "0" }, el("code", {}, code)))
    : el("code", { class: "place" }, step.location));
  return el("li", { class: step.state },
    el("span", { class: "step-sign", "aria-hidden": "true" }, STEP_SIGNS[step.state] ?? "?"),
    el("div", {},
      el("span", { class: "words" }, el("b", {}, step.words[0]), " ", step.words[1]),
      el("span", { class: "small" }, ` ${[step.state === "passed" ? "" : step.status.replaceAll("_", " "), duration(step.seconds), step.vacuous ? "cannot fail" : ""].filter(Boolean).join(", ")}`),
      place,
      step.error.length ? el("pre", { class: "output failed", tabindex: "0" }, step.error.join("\n")) : null,
    ));
}

/** What came of the faults that were put into the product; those of blind checks are open from the start. */
function buildStrength({ strength, scenario, state }) {
  if (!strength) return scenario && state === "proved" && el("p", { class: "small" }, "Checks: not challenged");
  const isWeak = WEAK.includes(strength.strength);
  const words = [el("strong", { class: isWeak ? "failed" : "" }, strength.strength), `: ${strength.reason}`];
  if (!strength.faults.length) return el("p", {}, "Checks: ", words);
  // What was not noticed is the answer, where checks are weak.
  const faults = isWeak ? [...strength.faults].sort((a, b) => (b[0] === "unnoticed") - (a[0] === "unnoticed")) : strength.faults;
  const rest = faults.slice(MOST_FAULTS);
  return el("details", { class: "faults", open: isWeak }, el("summary", {}, "Checks: ", words),
    strength.strength === "blind" && el("p", { class: "small" }, "Its steps would pass whatever the product does: no step noticed any of these changes to it."),
    listFaults(faults.slice(0, MOST_FAULTS)),
    rest.length > 0 && el("details", { class: "rest" }, el("summary", {}, count(rest.length, "more fault")), listFaults(rest)),
    strength.more ? el("p", { class: "small" }, `and ${count(strength.more, "more fault")}; \`spec2bdd challenge -v\` lists them`) : null);
}

const listFaults = (faults) => el("ul", {}, faults.map(([outcome, place, change, step]) => el("li", {},
  el("p", { class: "small" }, el("code", {}, place), ` ${outcome}`, step ? [" by: ", el("q", {}, step)] : ""),
  change.length > 1
    ? el("pre", { class: "output", tabindex: "0" }, el("del", {}, `- ${change[0]}`), "\n", el("ins", {}, `+ ${change[1]}`))
    : el("p", { class: "change-of-value" }, change[0]))));

function buildLines({ id, lines, more_files: more, idle }) {
  const note = idle && el("p", {}, "Lines: its When and Then steps run no line of the product");
  if (!lines.length) return [note];
  return [note, el("details", { class: "lines" }, el("summary", {}, `Lines of ${count(lines.length + more, "file")} that it runs`),
    el("ul", {}, lines.map(([path, ranges, steps]) => el("li", {}, el("code", {}, path), ` ${ranges} `, el("span", { class: "small" }, steps)))),
    more ? el("p", { class: "small" }, `and ${count(more, "more file")}: `, el("code", {}, `spec2bdd explain ${id} --format json`)) : null)];
}

function buildHistory({ results, history }) {
  if (!history.length) return null;
  const strip = [...results].map((letter) => {
    const [state, words] = RESULTS[letter];
    return el("i", { class: state, title: words });
  });
  return el("div", { class: "history" },
    strip.length > 1 && el("span", { class: "strip", role: "img", "aria-label": describeStrip(results) }, strip),
    history.map((line) => el("p", { class: "small" }, line)));
}

function describeStrip(results) {
  const words = [...results].filter((letter) => letter !== "-").map((letter) => RESULTS[letter][1]);
  return `Its last ${count(words.length, "result")}, the oldest first: ${words.join(", ")}`;
}
