import fs from "node:fs";
import path from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** What would change which Python or packages a backend sees, or is none of a stranger's business. */
const WITHHELD = /^(?:BUN_|PYBUN_|PYTHON|PIP_|UV_|VIRTUAL_ENV|__PYVENV_LAUNCHER__$)/i;
const SECRET = /(?:TOKEN|PASSWORD|PASSWD|SECRET|CREDENTIAL|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)/i;

export interface BuildPlaces {
  /** Folder of the build environment's executables. */
  readonly scripts: string;
  /** Home and temporary folder of this build alone. */
  readonly home: string;
  readonly temporary: string;
  /** The user's own home: Rust's tools are kept there. */
  readonly userHome: string;
}

/** The variables of a build (SPEC BLD-03): compilers' settings stay, those of Python, of package tools and secrets go. */
export function childEnvironment(env: Env, places: BuildPlaces): Record<string, string> {
  const { scripts, home, temporary, userHome } = places;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !WITHHELD.test(name) && !SECRET.test(name)) kept[name] = value;
  const rust = { CARGO_HOME: ".cargo", RUSTUP_HOME: ".rustup" };
  for (const [name, folder] of Object.entries(rust))
    if (!(name in kept) && fs.existsSync(path.join(userHome, folder))) kept[name] = path.join(userHome, folder);
  const searchPath = Object.keys(kept).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  kept[searchPath] = [scripts, kept[searchPath]].filter(Boolean).join(path.delimiter);
  return {
    ...kept,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    PYTHONNOUSERSITE: "1",
    PYTHONIOENCODING: "utf-8",
  };
}
