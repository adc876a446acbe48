import fs from "node:fs";
import path from "node:path";
import { buildChain } from "../../plugin-api/build-chain.ts";
import { randomName } from "../../plugin-api/hash/native.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { BuildInput, BuildOutput } from "../../plugin-api/stages.ts";
import { type BuildPlace, callBackend, writeMetadata } from "./call-backend.ts";
import { type Choices, choicesFor } from "./config-settings.ts";
import { explainFailure } from "./failure.ts";
import { type KeptPlace, keep, keptPlace, keptResult, type NearPlace, nearPlace, placeAfter } from "./kept.ts";
import { withRequirements } from "./other-requirements.ts";
import { openSource } from "./source.ts";

/** Answers the stage `build`: what was built before from the same bytes is found again, everything else is built once. */
const perform: Perform<"build"> = async (asked, session) => {
  const host = await session.use(Host);
  const choices = choicesFor(asked.name, session);
  const input = choices.isIsolated ? await withBaseInterpreter(asked, session) : asked;
  const keeping = { dataDir: host.dataDir, choices, env: host.env };
  const place = await keptPlace(input, keeping);
  const exact = place.isByContent
    ? (keptResult(place, input.want) ?? fromWheel(input, place, host.dataDir))
    : undefined;
  const near = exact === undefined ? await nearPlace(input, keeping) : undefined;
  const kept = exact ?? (near && fromNear(near, place, host.dataDir));
  if (kept !== undefined) {
    session.emit({
      type: "CacheHit",
      cache: "build",
      key: path.relative(path.join(host.dataDir, "build"), place.folder),
    });
    session.emit({ type: "BuildComplete", package: subjectOf(input), cache: true });
    return { path: kept };
  }
  return build(input, { kept: place, near, choices }, session);
};
export default perform;

/** `brokenext 1.0`; a source tree may not know its version yet. */
const subjectOf = ({ name, version, path: source }: BuildInput): string =>
  `${name === "" ? path.basename(source) : name} ${version}`.trim();

/** Every build gets an environment of its own, so it does not matter from which one it was asked for. */
async function withBaseInterpreter(input: BuildInput, session: Session): Promise<BuildInput> {
  const { isVirtual, basePath, source } = input.interpreter;
  if (!isVirtual) return input;
  const interpreter = await (await session.use(Interpreters)).probe(basePath, source);
  return { ...input, interpreter };
}

/** A wheel that was built already holds its metadata. */
function fromWheel(input: BuildInput, place: KeptPlace, dataDir: string): string | undefined {
  const wheel = input.want === "metadata" ? keptResult(place, "wheel") : undefined;
  if (wheel === undefined) return undefined;
  const scratch = makeScratch(dataDir);
  try {
    return keep(writeMetadata(wheel, scratch), place, "metadata");
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** What was built when the project required something else says all but that. */
function fromNear(near: NearPlace, place: KeptPlace, dataDir: string): string | undefined {
  const wheel = keptResult(near, "editable");
  if (wheel === undefined) return undefined;
  const scratch = makeScratch(dataDir);
  try {
    const made = withRequirements(wheel, near.dependencies, path.join(scratch, "editable"));
    return made && keep(made, place, "editable");
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

interface Order {
  readonly kept: KeptPlace;
  readonly near: NearPlace | undefined;
  readonly choices: Choices;
}

async function build(input: BuildInput, { kept, near, choices }: Order, session: Session): Promise<BuildOutput> {
  const host = await session.use(Host);
  const subject = subjectOf(input);
  const log = path.join(host.dataDir, "logs", `build-${subject.replaceAll(/[^\w.+-]+/g, "-")}.log`);
  const scratch = makeScratch(host.dataDir);
  const remove = (): void => fs.rmSync(scratch, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    fs.mkdirSync(path.dirname(log), { recursive: true });
    fs.writeFileSync(log, "");
    const tree = await openSource(input, path.join(scratch, "source"));
    const place: BuildPlace = { tree, scratch, log, subject, host, chain: [...buildChain(), input.name], choices };
    const built = await callBackend(input, place, session);
    const keeping = { dataDir: host.dataDir, choices, env: host.env };
    const after = await placeAfter(kept, input, keeping);
    if (built.editable !== undefined && near !== undefined && (await nearPlace(input, keeping))?.state === near.state) {
      const copy = path.join(scratch, "near");
      fs.cpSync(built.editable, copy, { recursive: true });
      keep(copy, near, "editable");
    }
    if (built.wheel !== undefined) keep(built.wheel, after, "wheel");
    if (built.metadata !== undefined) keep(built.metadata, after, "metadata");
    if (built.editable !== undefined) keep(built.editable, after, "editable");
    session.emit({ type: "BuildComplete", package: subject, cache: false });
    return { path: keptResult(after, input.want) as string };
  } catch (error) {
    session.emit({ type: "BuildComplete", package: subject, cache: false });
    throw explainFailure(error, { input, subject, log, host });
  } finally {
    process.removeListener("exit", remove);
    remove();
  }
}

function makeScratch(dataDir: string): string {
  const scratch = path.join(dataDir, "build", "tmp", `${process.pid}-${randomName(4)}`);
  fs.mkdirSync(scratch, { recursive: true });
  return scratch;
}
