import { PybunError } from "../../plugin-api/error.ts";
import { type Interpreter, targetOf } from "../../plugin-api/model/interpreter.ts";
import { DEFAULT_POLICY } from "../../plugin-api/model/resolution.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Distribution } from "./distributions.ts";

export interface Latest {
  readonly version: string;
  readonly kind: "wheel" | "sdist";
}

/** The newest release on the indexes that suits a Python; undefined where they have none. Throws what networks do. */
export async function latestOf(
  { name }: Pick<Distribution, "name">,
  { interpreter, pre }: { readonly interpreter: Interpreter; readonly pre: boolean },
  session: Session,
): Promise<Latest | undefined> {
  const requirement = parseRequirement(name);
  const policy = { ...DEFAULT_POLICY, ignoresDependencies: true, ...(pre && { prerelease: "allow" as const }) };
  const demand = { requirement, text: name, origin: "command line" };
  try {
    const { pins } = await session.run("resolve", {
      demands: [demand],
      target: targetOf(interpreter),
      interpreter,
      policy,
    });
    const [pin] = pins;
    return pin && { version: pin.version, kind: pin.file.kind };
  } catch (error) {
    if (error instanceof PybunError && /^E_(?:RESOLVE|PACKAGE|NO_)/.test(error.code)) return undefined;
    throw error;
  }
}
