import type { Option } from "../../plugin-api/option.ts";
import { flagName } from "../../plugin-api/option.ts";
import type { Catalogue } from "../../plugin-api/services.ts";

/** What help says, as data: all commands below a path, or one command with its options. */
export function describeCommand(catalogue: Catalogue, path: string): Readonly<Record<string, unknown>> {
  const found = catalogue.commands.get(path);
  if (!found) {
    const below = [...catalogue.commands].filter(([name]) => path === "" || name.startsWith(`${path} `));
    return {
      commands: below.map(([name, { command, plugin }]) => {
        const { summary, group, maturity } = command.spec;
        return { command: name, summary, group, maturity, plugin };
      }),
      global_options: describeOptions(catalogue.globals),
    };
  }
  const { summary, operands = "", maturity, options, examples = [] } = found.command.spec;
  return {
    command: path,
    summary,
    operands,
    maturity,
    plugin: found.plugin,
    options: describeOptions(options),
    global_options: describeOptions(catalogue.globals),
    examples: examples.map(([command, note]) => ({ command, note })),
  };
}

const describeOptions = (specs: Readonly<Record<string, Option>>) =>
  Object.entries(specs)
    .filter(([, option]) => option.argv !== false)
    .map(([name, option]) => ({
      flag: `--${flagName(name)}`,
      ...(option.short === undefined ? {} : { short: `-${option.short}` }),
      kind: option.kind,
      ...("choices" in option && option.choices ? { choices: option.choices } : {}),
      ...("default" in option && option.default !== undefined ? { default: option.default } : {}),
      ...(option.env === undefined ? {} : { env: option.env }),
      ...(option.key === undefined ? {} : { key: option.key }),
      help: option.help,
    }));
