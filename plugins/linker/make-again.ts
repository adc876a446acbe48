import type { EnvironmentImage } from "../../plugin-api/environment-image.ts";
import type { Environments } from "../../plugin-api/services.ts";
import type { StampNote } from "../../plugin-api/system/environment-change.ts";
import { commandsOf, makeParts, UnfitImage } from "./image-parts.ts";
import { makeWhole } from "./make-whole.ts";
import { builderFor } from "./materialize.ts";

/**
 * Makes the environment of an image at `root`, where there is none, under its lock. Throws UnfitImage or a system error, and
 * nothing is there, when something in the image is gone, or does not work here as it did where it was taken. `stamp`: what
 * else its stamp shall say.
 */
export async function makeAgain(
  image: EnvironmentImage,
  root: string,
  { writeSkeleton, stamp }: { readonly stamp: object } & Pick<Environments, "writeSkeleton">,
): Promise<void> {
  const { interpreter, site, mode, isAutomatic } = image;
  const builder = builderFor({ mode, isAutomatic, cacheTag: interpreter.cacheTag });
  const fill = async (staged: string): Promise<void> => {
    await writeSkeleton({ root, interpreter, isExact: true }, staged);
    fillFrom(image, root, { builder, staged });
  };
  const whole = () => ({ ...image.stamp, ...commandsIn(image, root), ...stamp });
  await makeWhole({ root, site, fill, stamp: whole, isLasting: true });
}

/**
 * Puts what an image tells of the environment of `root` into the folder where that is put together, which has what every new one
 * has. Throws UnfitImage or a system error.
 */
export function fillFrom(image: EnvironmentImage, root: string, place: Parameters<typeof makeParts>[2]): void {
  makeParts(image, root, place);
  if (place.builder.outcome.fallbacks.size > 0) throw new UnfitImage("a way of linking");
}

/** What a stamp says of its commands. */
export const commandsIn = (image: EnvironmentImage, root: string): Pick<StampNote["stamp"], "commands"> =>
  image.commands.length === 0 ? {} : { commands: commandsOf(image, root) };
