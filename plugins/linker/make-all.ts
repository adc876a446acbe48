import fs from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import { decodeImage, type EnvironmentImage, imageFile } from "../../plugin-api/environment-image.ts";
import type { Destination, EnvironmentStamp, Plan } from "../../plugin-api/model/environment.ts";
import { Catalogue, type Environments } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { keepFile } from "../../plugin-api/system/keep-file.ts";
import type { ProjectChange } from "../../plugin-api/system/project-change.ts";
import { type Assembled, assemble, type Goal } from "./assemble.ts";
import { imageName, imageOf, type Taken } from "./image.ts";
import { isPlainRoot, UnfitImage } from "./image-parts.ts";
import { commandsIn, fillFrom } from "./make-again.ts";
import { makeWhole } from "./make-whole.ts";
import { type Building, builderFor, type Outcome, usesBytecode } from "./materialize.ts";
import { differences, type Owner } from "./tree.ts";

/** A whole environment to put together. */
export interface Whole {
  readonly plan: Plan;
  readonly goal: Omit<Goal, "disk">;
  readonly building: Building;
  /** The environment keeps to its way of linking. */
  readonly keepsMode: boolean;
  readonly stamp: (outcome: Outcome) => Stamp;
  readonly files: ProjectChange | undefined;
}
type Stamp = Omit<EnvironmentStamp, "format" | "siteMtimeMs">;
interface Made {
  readonly outcome: Outcome;
  readonly diagnostics: readonly Diagnostic[];
}

/** What it is made with. */
export interface Making {
  readonly session: Session;
  readonly environments: Pick<Environments, "writeSkeleton">;
  readonly dataDir: string;
}

/** Makes an environment by the image of one with the same in it, or thinks out where everything goes and keeps an image of that. */
export async function makeAll(whole: Whole, making: Making): Promise<Made> {
  const name = await nameFor(whole, making);
  const image = name === undefined ? undefined : readImage(imageFile(making.dataDir, name));
  if (name !== undefined && image && !(image.lacksBytecode && isCompiled(whole))) {
    try {
      return await byImage(whole, making, { name, image });
    } catch (error) {
      // Something that the image names is gone.
      if (!(error instanceof UnfitImage) && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return byThinking(whole, making, name);
}

const isCompiled = ({ goal, building }: Whole): boolean =>
  usesBytecode(building) && goal.packages.every((pkg) => pkg.isCompiled(building.cacheTag));

interface Kept {
  readonly name: string;
  readonly image: EnvironmentImage;
}

async function byImage(whole: Whole, { environments, dataDir }: Making, { name, image }: Kept): Promise<Made> {
  const { goal, building, plan, stamp, files } = whole;
  const { root, layout } = goal;
  const builder = builderFor(building);
  const compiled = (entry: string): boolean =>
    usesBytecode(building) &&
    goal.packages.some((pkg) => path.dirname(pkg.tree) === entry && pkg.isCompiled(building.cacheTag));
  const fill = async (staged: string): Promise<void> => {
    await environments.writeSkeleton(plan.destination, staged);
    fillFrom(image, root, { builder, staged, isCompiled: compiled });
  };
  const said = () => ({ ...stamp(builder.outcome), ...commandsIn(image, root), ...named(name, plan) });
  await makeWhole({ root, site: layout.site, fill, stamp: said, isLasting: isLasting(plan, dataDir), files });
  return { outcome: builder.outcome, diagnostics: [] };
}

async function byThinking(whole: Whole, making: Making, name: string | undefined): Promise<Made> {
  const { goal, building, plan, stamp, files } = whole;
  const { root, layout } = goal;
  const builder = builderFor(building);
  const { outcome } = builder;
  let isKept = false;
  // What is compiled meanwhile may have come too late.
  const lacking = usesBytecode(building) ? goal.packages.filter((pkg) => !pkg.isCompiled(building.cacheTag)) : [];
  const compiled = (owner: Owner): boolean => !lacking.some((pkg) => pkg === owner);
  const fill = async (staged: string): Promise<Assembled> => {
    await making.environments.writeSkeleton(plan.destination, staged);
    const assembled = assemble({ ...goal, disk: staged });
    const parts = differences(assembled.tree.root);
    for (const { path: relative, node } of parts) if (node) builder.build(node, path.join(staged, relative));
    const isSmooth = assembled.diagnostics.length === 0 && outcome.fallbacks.size === 0;
    if (name !== undefined && isSmooth)
      isKept = keepImage(
        { goal, parts, building, namesIn: builder.namesIn, isCompiled: compiled, stamp: stamp(outcome) },
        imageFile(making.dataDir, name),
      );
    return assembled;
  };
  const said = () => ({ ...stamp(outcome), ...(isKept && named(name, plan)) });
  const isLast = isLasting(plan, making.dataDir);
  const { diagnostics } = await makeWhole({ root, site: layout.site, fill, stamp: said, isLasting: isLast, files });
  return { outcome, diagnostics };
}

/** Undefined for what can't be told by an image, or what nobody would make again. */
async function nameFor(whole: Whole, { session, dataDir }: Making): Promise<string | undefined> {
  const { plan, goal, building, keepsMode } = whole;
  const isUsual = isPlain(plan.destination) && !keepsMode && isPlainRoot(goal.root);
  if (!isUsual || !isLasting(plan, dataDir)) return undefined;
  const { plugins, product } = await session.use(Catalogue);
  const isAmongUs = plugins.every(({ name, stages }) => stages?.link === undefined || RENEWED.has(name));
  return isAmongUs ? imageName({ goal, building, commit: product.commit }) : undefined;
}

const isPlain = ({ over, seesSystemSite }: Destination): boolean => over === undefined && !seesSystemSite;

/** What a stamp says of its image: it is made again with that alone, and nothing there tells a prompt. */
const named = (image: string | undefined, { destination }: Plan): { readonly image?: string } =>
  image !== undefined && destination.prompt === undefined ? { image } : {};

/** What is made of an image is made without the stage: that answers for these, and for nobody who was added to them. */
const RENEWED = new Set(["linker", "venv", "store", "trust", "gc"]);

function readImage(file: string): EnvironmentImage | undefined {
  try {
    return decodeImage(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** For who makes the same environment again. Worth a try: the data directory may be read-only. */
function keepImage(taken: Taken, file: string): boolean {
  const image = imageOf(taken);
  return image !== undefined && keepFile(file, JSON.stringify(image));
}

const isLasting = ({ destination }: Plan, dataDir: string): boolean =>
  !destination.root.startsWith(path.join(dataDir, "tmp") + path.sep);
