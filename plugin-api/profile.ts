import { serviceKey } from "./service.ts";

/** What a program is run for decides how: a set of values under a name (SPEC PRF-03). */
export interface Profile {
  readonly name: string;
  /** The profile whose values it takes where it has none of its own. */
  readonly extends?: string;
  readonly hotReload: boolean;
  readonly lazyImports: boolean;
  readonly logLevel: "error" | "warn" | "info" | "debug" | "trace";
  /** 0; 1 is Python's `-O`, 2 its `-OO`. */
  readonly optimise: 0 | 1 | 2;
  /** Events tell what each phase took. */
  readonly tracing: boolean;
  /** Print what each phase took. */
  readonly timing: boolean;
}
/** A profile that can't be used, and why, as the end of a sentence. */
export interface ProfileFault {
  readonly fault: "unknown" | "invalid";
  readonly reason: string;
}

/** Profiles that are always there. */
export const PROFILES: Readonly<Record<string, Profile>> = {
  dev: profile("dev", { hotReload: true, logLevel: "debug" }),
  prod: profile("prod", { lazyImports: true, logLevel: "warn", optimise: 1 }),
  benchmark: profile("benchmark", { logLevel: "error", optimise: 1, tracing: true, timing: true }),
};

function profile(name: string, values: Partial<Profile>): Profile {
  const none = { hotReload: false, lazyImports: false, optimise: 0, tracing: false, timing: false } as const;
  return { logLevel: "info", ...none, ...values, name };
}

/** Keys as files have them; what JSON and SPEC call `hot_reload` is the same key. */
const KEYS: Readonly<Record<string, { readonly field: keyof Profile; readonly values: readonly unknown[] }>> = {
  "hot-reload": { field: "hotReload", values: [true, false] },
  "lazy-imports": { field: "lazyImports", values: [true, false] },
  "log-level": { field: "logLevel", values: ["error", "warn", "info", "debug", "trace"] },
  optimise: { field: "optimise", values: [0, 1, 2] },
  tracing: { field: "tracing", values: [true, false] },
  timing: { field: "timing", values: [true, false] },
};

/** A profile's values by the keys of configuration files. */
export const profileValues = (profile: Profile): Readonly<Record<string, boolean | number | string>> =>
  Object.fromEntries(Object.entries(KEYS).map(([key, { field }]) => [key, profile[field] as boolean]));

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The profile of a name, with the tables of `[tool.pybun.profiles]`: a table of a built-in name changes that profile, any other
 * extends what its `extends` names, or no profile at all. Never throws.
 */
export function readProfile(name: string, tables: unknown, seen: readonly string[] = []): Profile | ProfileFault {
  const table = isTable(tables) && Object.hasOwn(tables, name) ? tables[name] : undefined;
  const builtIn = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (table === undefined) return builtIn ?? { fault: "unknown", reason: `there is no profile \`${name}\`` };
  const invalid = (what: string): ProfileFault => ({ fault: "invalid", reason: `profile \`${name}\` ${what}` });
  if (!isTable(table)) return invalid("is no table");
  if (seen.includes(name)) return invalid(`extends itself: ${[...seen, name].join(", ")}`);
  const { extends: base, ...own } = table;
  if (base !== undefined && typeof base !== "string") return invalid("takes the name of one profile in `extends`");
  const below = base === undefined ? (builtIn ?? profile(name, {})) : readProfile(base, tables, [...seen, name]);
  if ("fault" in below) return below.fault === "unknown" ? invalid(`extends \`${base}\`, which there is not`) : below;
  const values: Record<string, unknown> = {};
  for (const [typed, value] of Object.entries(own)) {
    const key = typed.replaceAll("_", "-");
    const known = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (!known) return invalid(`has \`${typed}\`, which is none of ${Object.keys(KEYS).join(", ")}`);
    if (!known.values.includes(value))
      return invalid(
        `takes ${known.values.map((each) => `\`${String(each)}\``).join(", ")} as ${key}, not \`${String(value)}\``,
      );
    values[known.field] = value;
  }
  return { ...below, ...values, name, ...(base !== undefined && { extends: base }) };
}

/** Names of all profiles there are, the built-in ones first. */
export const profileNames = (tables: unknown): readonly string[] => [
  ...new Set([...Object.keys(PROFILES), ...(isTable(tables) ? Object.keys(tables) : [])]),
];

/**
 * The profile of this run: `--profile`, `PYBUN_PROFILE`, `run.profile`. Once the service is made, the settings `run.hot-reload` and
 * `run.lazy.mode` are what the profile says, unless a flag or variable says otherwise: use it before you read them.
 */
export interface Profiles {
  /** Undefined where none was asked for. */
  readonly active: Profile | undefined;
}
/** Made with `E_PROFILE_UNKNOWN` or `E_PROFILE_INVALID` where what was asked for can't be used. */
export const Profiles = serviceKey<Profiles>("Profiles");
