import type { Form } from "./option-form.ts";

/**
 * One declaration of an option or setting. Argv, environment variable, configuration key, help, reference, completions
 * and the MCP input schema all come from it. The name in code is camel case (`linkMode`); on the command line it is
 * `--link-mode`. An option with neither `env` nor `key` exists on the command line only.
 */
export type Option = FlagOption | TextOption | NumberOption | ListOption | TableOption;

interface Common {
  /** One line, lower case, no full stop. */
  readonly help: string;
  /** Single letter, without the dash. */
  readonly short?: string;
  /** Environment variables in order of precedence; PyBun's own first, other tools' after it (SPEC CFG-05). */
  readonly env?: readonly string[];
  /** Dotted key in `[tool.pybun]` and the configuration files, such as `link.mode`. */
  readonly key?: string;
  /** Word for the value in help, upper case, such as `DIR`. */
  readonly value?: string;
  /** Accepted but not shown in help, such as an alias another tool's users type. */
  readonly isHidden?: boolean;
  /** The value decides which packages a request leads to, or how they are laid out: equal requests with another value differ. */
  readonly decidesPackages?: true;
  /** While it is set, an environment that is complete from an earlier call is brought up to date, not taken as it is. */
  readonly asksAnew?: true;
  /** `false`: a setting without a command-line form. */
  readonly argv?: false;
  /** What its text, each item of its list, or its table has to be: held to where it is written into a file. */
  readonly form?: Form;
}
/** True or false; `--no-NAME` is accepted too. A flag that may be repeated is counted with `isCounted`. */
export interface FlagOption extends Common {
  readonly kind: "flag";
  readonly default?: boolean;
  readonly isCounted?: boolean;
}
/** One string, verbatim: `--python 3.10` stays `3.10` (SPEC CLI-08). */
export interface TextOption extends Common {
  readonly kind: "text";
  readonly default?: string;
  readonly choices?: readonly string[];
  /** A value may be left out (`--sandbox`); this one is then taken. */
  readonly bare?: string;
}
export interface NumberOption extends Common {
  readonly kind: "number";
  readonly default?: number;
}
/** Repeatable on the command line; split at `separator` in an environment variable. */
export interface ListOption extends Common {
  readonly kind: "list";
  /** For all variables, or by variable where another tool's convention differs; default: white space. */
  readonly separator?: string | Readonly<Record<string, string>>;
}
/** A table or array of tables of a configuration file; never on the command line. The value is plain TOML data. */
export interface TableOption extends Common {
  readonly kind: "table";
  readonly argv: false;
}

export type OptionSpecs = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { kind: "flag"; isCounted: true }
  ? number
  : O extends { kind: "flag" }
    ? boolean
    : O extends { kind: "list" }
      ? readonly string[]
      : O extends { kind: "number"; default: number }
        ? number
        : O extends { kind: "number" }
          ? number | undefined
          : O extends { kind: "table" }
            ? unknown
            : O extends { choices: readonly (infer C)[]; default: string }
              ? C
              : O extends { choices: readonly (infer C)[] }
                ? C | undefined
                : O extends { default: string }
                  ? string
                  : string | undefined;

/** The values of a set of options, typed from their declarations. */
export type Values<S extends OptionSpecs> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** Where a value came from, for `config list --show-origin` and error messages. */
export interface Origin {
  readonly kind: "default" | "preset" | "file" | "environment" | "argv" | "policy";
  /** File path, variable name or flag, as the user would write it. */
  readonly name: string;
  readonly line?: number;
}

/** Keeps the literal types of a set of options: `const specs = options({ … })`. */
export const options = <const S extends OptionSpecs>(specs: S): S => specs;

/** `linkMode` → `link-mode`: the command-line form of an option's name in code. */
export function flagName(name: string): string {
  let flag = flagNames.get(name);
  if (flag === undefined) flagNames.set(name, (flag = name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)));
  return flag;
}

/** Of some hundred options. */
const flagNames = new Map<string, string>();
