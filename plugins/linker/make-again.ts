import type { EnvironmentImage } from "../../plugin-api/environment-image.ts";
import type { Environments } from "../../plugin-api/services.ts";
import type { StampNote } from "../../plugin-api/system/environment-change.ts";
import { commandsOf, type Making, makeParts, UnfitImage } from "./image-parts.ts";
import { makeWhole } from "./make-whole.ts";
import { builderFor, usesBytecode } from "./materialize.ts";

/** What an environment is made again with. */
interface Again extends Pick<Environments, "writeSkeleton"> {
  /** Whether the store's entries are as they were, with bytecode for `cacheTag` where that is given; asked while files are linked. */
  readonly areFit: (cacheTag: string | undefined) => boolean;
  /** What else its stamp shall say. */
  readonly stamp: object;
}

/**
 * Makes the environment of an image at `root`, where there is none, under its lock. Throws UnfitImage or a system error, and
 * nothing is there, when something in the image is gone, or does not work here as it did where it was taken.
 */
export async function makeAgain(
  image: EnvironmentImage,
  root: string,
  { writeSkeleton, areFit, stamp }: Again,
): Promise<void> {
  const { interpreter, site, mode, isAutomatic } = image;
  const building = { mode, isAutomatic, cacheTag: interpreter.cacheTag };
  const builder = builderFor(building);
  const fill = async (staged: string): Promise<void> => {
    await writeSkeleton({ root, interpreter, isExact: true }, staged);
    const meanwhile = (): void => {
      if (!areFit(usesBytecode(building) ? interpreter.cacheTag : undefined))
        throw new UnfitImage("an entry of the store");
      // Now there is some: whoever makes it anew takes it along.
      if (image.lacksBytecode && usesBytecode(building)) throw new UnfitImage("bytecode");
    };
    fillFrom(image, root, { builder, staged, meanwhile, isCompiled: () => usesBytecode(building) });
  };
  const whole = () => ({ ...image.stamp, ...commandsIn(image, root), ...stamp });
  await makeWhole({ root, site, fill, stamp: whole, isLasting: true });
}

/**
 * Puts what an image tells of the environment of `root` into the folder where that is put together, which has what every new one
 * has. Throws UnfitImage or a system error.
 */
export function fillFrom(image: EnvironmentImage, root: string, making: Making): void {
  makeParts(image, root, making);
  if (making.builder.outcome.fallbacks.size > 0) throw new UnfitImage("a way of linking");
}

/** What a stamp says of its commands. */
export const commandsIn = (image: EnvironmentImage, root: string): Pick<StampNote["stamp"], "commands"> =>
  image.commands.length === 0 ? {} : { commands: commandsOf(image, root) };
