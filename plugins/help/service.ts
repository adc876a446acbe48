import { Catalogue, type Help } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { unknownCommand } from "../../plugin-api/usage.ts";
import { describeCommand } from "./describe.ts";
import { isGroup, renderHelp } from "./render-help.ts";

/** The `Help` service over what is assembled. `show` throws `E_USAGE` for a path that is neither command nor group. */
export default async function makeHelp(session: Session): Promise<Help> {
  const catalogue = await session.use(Catalogue);
  const { product, commands } = catalogue;
  return {
    show(path, verbosity) {
      if (path !== "" && !commands.has(path) && !isGroup(catalogue, path)) throw unknownCommand([path], commands);
      return {
        exitCode: 0,
        data: describeCommand(catalogue, path),
        text: (ui) => renderHelp(catalogue, path, { verbosity, width: ui.width, heading: ui.name }),
      };
    },
    version: () => ({
      exitCode: 0,
      data: {
        version: product.version,
        commit: product.commit,
        target: `${process.platform}-${process.arch}`,
        runtime: `bun ${process.versions["bun"] ?? ""}`.trim(),
        preset: product.preset,
      },
      text: () => `${product.name} ${product.version}\n`,
    }),
  };
}
