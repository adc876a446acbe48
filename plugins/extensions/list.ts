import type { RunOf } from "../../plugin-api/command.ts";
import { Catalogue, Host, SettingsTable } from "../../plugin-api/services.ts";
import { addedPlugins } from "./added.ts";
import type { list as spec } from "./commands.ts";

const list: RunOf<typeof spec> = async (options, _operands, session) => {
  const [catalogue, host, settings] = await Promise.all([
    session.use(Catalogue),
    session.use(Host),
    session.use(SettingsTable),
  ]);
  const added = addedPlugins(host, settings);
  const shipped = options.added
    ? []
    : catalogue.plugins.map(({ name, version, summary, maturity, origin }) => ({
        name,
        version,
        summary,
        maturity,
        origin,
      }));
  return {
    exitCode: 0,
    data: { plugins: shipped, added },
    text: (ui) => {
      const names = [...shipped.map(({ name }) => name), ...added.map(({ name }) => name)];
      const width = Math.max(0, ...names.map((name) => name.length));
      const own = shipped.map(
        ({ name, summary }) => `${ui.name(name)}${" ".repeat(width - name.length)}  ${summary}\n`,
      );
      const others = added.map(
        ({ name, trust, origin }) =>
          `${ui.name(name)}${" ".repeat(width - name.length)}  ${trust}  ${ui.dim(`named in ${origin}`)}\n`,
      );
      return [...own, ...others].join("");
    },
  };
};
export default list;
