import { PybunError } from "../../plugin-api/error.ts";
import type { Host } from "../../plugin-api/services.ts";
import type { BuildInput } from "../../plugin-api/stages.ts";
import { NotBuildable } from "./build-system.ts";
import { installCommand } from "./install-hint.ts";
import { lastLines, readTail } from "./log-tail.ts";
import { recognizeLack } from "./recognize.ts";
import { HookFailed } from "./run-hook.ts";

export interface FailedBuild {
  readonly input: BuildInput;
  readonly subject: string;
  readonly log: string;
  readonly host: Pick<Host, "env" | "platform">;
}

/** The error a user sees for a build that failed; anything that is no failure of the build stays as it is. */
export function explainFailure(error: unknown, { input, subject, log, host }: FailedBuild): unknown {
  const context = { package: input.name, version: input.version, log };
  if (error instanceof NotBuildable)
    return new PybunError("E_BUILD_FAILED", `\`${subject}\` ${error.message}`, {
      evidence: [input.path],
      context,
      cause: error,
    });
  if (!(error instanceof HookFailed)) return error;
  const text = readTail(log);
  const lack = recognizeLack(text);
  if (lack) {
    const install = installCommand(lack.packages, { ...host, isRoot: process.getuid?.() === 0 });
    return new PybunError("E_BUILD_SYSTEM_LIB", `\`${subject}\` needs ${lack.needs}`, {
      evidence: [...lack.lines, `full log   ${log}`],
      hints: install ? [`install it: \`${install}\``] : [],
      context: { ...context, needs: lack.needs },
      cause: error,
    });
  }
  const tail = lastLines(text);
  return new PybunError("E_BUILD_FAILED", `\`${subject}\` could not be built: ${error.message}`, {
    evidence: [...tail, `full log   ${log}`],
    context: { ...context, tail },
    cause: error,
  });
}
