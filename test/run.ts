import { buildIfStale, REPOSITORY } from "./harness/executable.ts";
import { filesBelow } from "./harness/files.ts";
import { type FileResult, runFile } from "./harness/run-file.ts";

// `bun test/run.ts [--online | --faults] [--no-build] [PATTERN...]`: every test file, two at a time, each in a process of its own.
// With `--faults` those of `test/faults` alone, as thoroughly as they can be: those that do one thing after the other two at a time, too,
// the others, which load the machine by themselves, one at a time.

const FOLDERS = ["plugin-api", "kernel", "plugins", "presets", "docs", "test"];
const FLAGS = ["--online", "--faults", "--no-build"];

const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
const isAboutFaults = flags.includes("--faults");
const SEQUENTIAL = "test/faults/thorough/";
const timeoutMs = (isAboutFaults ? 60 : flags.includes("--online") ? 20 : 8) * 60_000;
const patterns = process.argv.slice(2).filter((word) => !word.startsWith("--"));
process.exit(await main());

async function main(): Promise<number> {
  const unknown = flags.find((flag) => !FLAGS.includes(flag));
  if (unknown !== undefined) {
    console.error(`unknown flag ${unknown}; known are ${FLAGS.join(", ")}`);
    return 2;
  }
  if (isAboutFaults) process.env["TEST_FAULTS"] ??= "thorough";
  if (!flags.includes("--no-build") && !buildIfStale()) {
    console.log("the executable could not be built\n0 passed, 1 failed");
    return 1;
  }
  const files = testFiles();
  const isAlone = (file: string): boolean => isAboutFaults && !file.startsWith(SEQUENTIAL);
  const together = files.filter((file) => !isAlone(file));
  return summarize([...(await runAll(together, 2)), ...(await runAll(files.filter(isAlone), 1))]);
}

function testFiles(): string[] {
  return FOLDERS.flatMap((folder) => filesBelow(REPOSITORY, folder, (file) => file.endsWith(".test.ts")))
    .filter((file) => (isAboutFaults ? file.startsWith("test/faults/") : !file.startsWith(SEQUENTIAL)))
    .filter((file) => flags.includes("--online") || !file.startsWith("test/online/"))
    .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
    .sort(architectureFirst);
}

/** The rules of the code come first: when they are broken, the rest is of little interest. */
function architectureFirst(a: string, b: string): number {
  const rank = (file: string): number => (file === "test/architecture.test.ts" ? 0 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

async function runAll(files: readonly string[], atOnce: number): Promise<FileResult[]> {
  const results: FileResult[] = [];
  const queue = [...files];
  const worker = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runFile(REPOSITORY, file, timeoutMs);
      results.push(result);
      announce(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function announce(result: FileResult): void {
  const counts = `${result.passed} passed${result.skipped > 0 ? `, ${result.skipped} skipped` : ""}`;
  const seconds = `${(result.durationMs / 1000).toFixed(1)} s`;
  if (result.failed === 0) {
    console.log(`ok    ${result.file}  ${counts}, ${seconds}`);
    // What was done how often, and what this machine can't do, belongs to the result.
    if (isAboutFaults)
      console.log(result.output.replace(/^[•\s]+|\n\s+Total:[^]*$/g, "").replaceAll(/^[•\s]+/gm, "  "));
    return;
  }
  console.log(`FAIL  ${result.file}  ${counts}, ${result.failed} failed, ${seconds}`);
  console.log(result.output.trimEnd());
  if (result.fault !== undefined) console.log(`  ${result.file} ${result.fault}`);
}

function summarize(results: readonly FileResult[]): number {
  const failing = results.filter((result) => result.failed > 0);
  const sum = (key: "passed" | "failed" | "skipped"): number => results.reduce((total, each) => total + each[key], 0);
  if (results.length === 0) console.log("no test file matches");
  if (sum("skipped") > 0) console.log(`\n${sum("skipped")} skipped`);
  if (failing.length > 0) console.log(`\nfailing files:\n${failing.map((each) => `  ${each.file}`).join("\n")}`);
  const failed = results.length === 0 ? 1 : sum("failed");
  console.log(`${sum("passed")} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
