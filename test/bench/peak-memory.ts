import { spawnSync } from "node:child_process";
import type { Command, Side } from "./scenario.ts";

// A child's account begins with the memory of whoever started it, so that is a program with little of its own.
const MEASURE = `import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
sys.exit(code)
`;

/** Most memory that the command had at any moment, itself or one of its children, MiB; undefined where nobody tells. */
export function peakMemoryMb(side: Side, { program = side.program, argv, env }: Command): number | undefined {
  const { status, stdout } = spawnSync(side.python, ["-I", "-S", "-c", MEASURE, program, ...argv], {
    cwd: side.cwd,
    env: { ...side.env, ...env },
    encoding: "utf8",
  });
  return status === 0 ? Math.round(Number(stdout)) : undefined;
}
