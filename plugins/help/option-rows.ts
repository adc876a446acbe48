import { flagName, type Option } from "../../plugin-api/option.ts";
import type { Row } from "./table.ts";

/** Options as rows: how each is typed, what it does, which variable does the same. Hidden ones are left out. */
export const optionRows = (specs: Readonly<Record<string, Option>>): readonly Row[] =>
  Object.entries(specs)
    .filter(([, option]) => isShown(option))
    .map(([name, option]) => ({ left: typed(name, option), middle: explained(option), right: variable(option) }));

export const isShown = (option: Option): boolean => option.argv !== false && option.isHidden !== true;

/** A flag that is on by itself is listed as what switches it off. */
const isOnByDefault = (option: Option): boolean => option.kind === "flag" && option.default === true;

function typed(name: string, option: Option): string {
  const flag = `--${isOnByDefault(option) ? "no-" : ""}${flagName(name)}`;
  const named = option.short === undefined ? flag : `-${option.short}, ${flag}`;
  if (option.kind === "flag") return named;
  const value = "choices" in option && option.choices ? option.choices.join("|") : (option.value ?? "VALUE");
  const shown = value.length > 24 && option.value !== undefined ? option.value : value;
  return option.kind === "text" && option.bare !== undefined ? `${named}[=<${shown}>]` : `${named} <${shown}>`;
}

/** The variable that does the same; one that has to be 0 for it is shown so. */
const variable = (option: Option): string =>
  option.env?.[0] === undefined ? "" : `${option.env[0]}${isOnByDefault(option) ? "=0" : ""}`;

function explained(option: Option): string {
  const help = isOnByDefault(option) ? `don't ${option.help}` : option.help;
  const value = option.kind === "text" || option.kind === "number" ? option.default : undefined;
  return value === undefined || value === "" ? help : `${help} (default ${value})`;
}
