import * as assert from "uvu/assert";
import type { IndexServer, RequestKind } from "../harness/index-server.ts";
import { startIndex } from "../harness/index-server.ts";
import { createPlace, type Place, type Result } from "../harness/project.ts";
import type { Scenario, Step } from "./scenario.ts";

const SHOW_INSTALLED = `import importlib.metadata
import json
import sysconfig

found = importlib.metadata.distributions(path=[sysconfig.get_path("purelib")])
print(json.dumps({each.metadata["Name"]: each.version for each in found}))
`;

/** Runs the steps one after the other in one home, and holds each to what it states. */
export async function runScenario(scenario: Scenario): Promise<void> {
  const index = await startIndex({
    ...scenario.index,
    packages: scenario.package ?? [],
    faults: scenario.fault ?? [],
  });
  const place = createPlace({ index });
  try {
    place.write(fill(scenario.files ?? {}, index));
    for (const [number, step] of scenario.step.entries()) {
      const told = `step ${number + 1}`;
      index.forget();
      index.add(...(step.publish ?? []));
      const result = await runStep(step, place, index);
      judge({ step, result, place, told });
      judgeRequests(step, index, told);
    }
    assert.equal(place.leftovers(), [], "temporary files are left");
  } finally {
    await index.stop();
    place.remove();
  }
}

/** `{INDEX}` in a text stands for the address of the index. */
const fill = (texts: Readonly<Record<string, string>>, index: IndexServer): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text.replaceAll("{INDEX}", index.url)]));

function runStep(step: Step, place: Place, index: IndexServer): Promise<Result> {
  const format = step.code === undefined ? [] : ["--format=json"];
  const options = {
    env: fill(step.env ?? {}, index),
    ...(step.stdin === undefined ? {} : { stdin: step.stdin }),
  };
  if (step.requires === undefined) return place.run([...format, ...(step.run ?? [])], options);
  const block = `# /// script\n# dependencies = ${JSON.stringify(step.requires)}\n# ///\n`;
  place.write({ "installed.py": block + SHOW_INSTALLED });
  return place.run([...format, "run", ...(step.run ?? []), "installed.py"], options);
}

interface Judged {
  readonly step: Step;
  readonly result: Result;
  readonly place: Place;
  readonly told: string;
}

function judge({ step, result, place, told }: Judged): void {
  const { stdout, stderr } = result;
  assert.is(result.exitCode, step.exit ?? 0, `${told} ended with ${result.exitCode}\n${stdout}${stderr}`);
  if (step.stdout !== undefined) assert.fixture(place.normalize(stdout), step.stdout, `${told}: standard output`);
  if (step.stderr !== undefined) assert.fixture(place.normalize(stderr), step.stderr, `${told}: standard error`);
  for (const text of step["stdout-has"] ?? []) assert.ok(stdout.includes(text), `${told}: no ${text} in\n${stdout}`);
  for (const text of step["stderr-has"] ?? []) assert.ok(stderr.includes(text), `${told}: no ${text} in\n${stderr}`);
  for (const text of step["stderr-lacks"] ?? []) assert.not.ok(stderr.includes(text), `${told}: ${text} in\n${stderr}`);
  for (const file of step.exists ?? []) assert.ok(place.exists(file), `${told}: ${file} should exist`);
  for (const file of step.missing ?? []) assert.not.ok(place.exists(file), `${told}: ${file} should not exist`);
  if (step.installed !== undefined)
    assert.equal(JSON.parse(stdout), { ...step.installed }, `${told}: what is installed`);
  if (step.code !== undefined) {
    const codes = result.json().diagnostics.map((diagnostic) => diagnostic.code);
    assert.ok(codes.includes(step.code), `${told}: no ${step.code} among ${codes.join(", ")}`);
  }
}

function judgeRequests(step: Step, index: IndexServer, told: string): void {
  for (const [kind, count] of Object.entries(step.requests ?? {})) {
    const made = index.requests.map((request) => `${request.method} ${request.path}`).join("\n");
    assert.is(index.count(kind as RequestKind), count, `${told}: ${kind} requests, of\n${made}`);
  }
}
