import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { folderName, type PythonArchive } from "./archive-name.ts";
import source from "./python/smoke.py" with { type: "text" };

/** The first start reads everything from a disk that was just written, perhaps past a virus scanner. */
const TIMEOUT_MS = 60_000;

interface Said {
  readonly version: string;
  readonly implementation: string;
  readonly isFreeThreaded: boolean;
  readonly prefix: string;
  readonly stdlib: string;
}

/**
 * Starts an unpacked interpreter once, before anybody can find it. Gives its standard library's folder. Throws
 * `E_PYTHON_BROKEN` when it does not run, is another version than its archive says, or uses files outside of `root`.
 */
export async function smokeRun(
  executable: string,
  { archive, root, env }: { readonly archive: PythonArchive; readonly root: string; readonly env: NodeJS.ProcessEnv },
): Promise<{ readonly stdlib: string }> {
  const broken = (reason: string): PybunError =>
    new PybunError("E_PYTHON_BROKEN", `the Python of \`${path.posix.basename(archive.path)}\` ${reason}`, {
      evidence: ["it was taken away again, nothing was changed"],
      context: { archive: archive.path, reason },
    });
  if (!fs.existsSync(executable)) throw broken(`is not where it should be (${path.relative(root, executable)})`);
  const output = await run(executable, env, broken);
  let said: Partial<Said>;
  try {
    said = JSON.parse(output.trim().split("\n").at(-1) ?? "") as Partial<Said>;
  } catch {
    throw broken("does not say what it is");
  }
  const { version = "", implementation = "", isFreeThreaded = false, prefix = "", stdlib = "" } = said;
  const is = folderName({ version, isFreeThreaded, target: archive.target });
  if (implementation !== "cpython" || is !== folderName(archive))
    throw broken(`is ${implementation} ${version}${isFreeThreaded ? "t" : ""}`);
  const own = fs.realpathSync(root);
  if (prefix !== own || !stdlib.startsWith(own + path.sep)) throw broken(`uses the library of ${prefix}`);
  return { stdlib };
}

function run(executable: string, env: NodeJS.ProcessEnv, broken: (reason: string) => PybunError): Promise<string> {
  const kept = Object.entries(env).filter(([name]) => !/^(?:PYTHON|BUN_|__PYVENV_LAUNCHER__$|VIRTUAL_ENV$)/.test(name));
  const options = {
    env: Object.fromEntries(kept),
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    windowsHide: true,
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(executable, ["-I", "-S", "-B", "-c", source], options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const last = stderr.trim().split("\n").at(-1)?.trim().slice(0, 200);
      const end = error.killed
        ? `did not answer within ${TIMEOUT_MS / 1000} s`
        : typeof error.code === "string"
          ? `can't be started here (${error.code})`
          : `ended with ${error.signal ?? `status ${error.code}`}`;
      reject(broken(last ? `${end}: ${last}` : end));
    });
    child.stdin?.end();
  });
}
