import { parse } from "smol-toml";
import { expandDependencyGroup } from "../../../plugin-api/python/dependency-groups.ts";
import { directUrlOf, formatDirectUrl, parseDirectUrl } from "../../../plugin-api/python/direct-url.ts";
import { parseLicenseExpression } from "../../../plugin-api/python/license-expression.ts";
import { formatRequirement, parseWrittenRequirement } from "../../../plugin-api/python/requirement.ts";
import { readScriptMetadata } from "../../../plugin-api/python/script-metadata.ts";
import { type Row, unlessInvalid } from "./row.ts";

interface Cases<T> {
  readonly cases: readonly T[];
}
interface GroupRow {
  readonly groups: Readonly<Record<string, unknown>>;
  readonly request: string;
  readonly requirements?: readonly string[];
}
interface ScriptRow {
  readonly source: string;
  readonly result: "ok" | "none" | "error";
  readonly toml?: string;
  readonly data?: unknown;
}
interface UrlRow {
  readonly data: unknown;
  readonly valid: boolean;
}
interface LicenseRow {
  readonly input: string;
  readonly canonical?: string;
}

export function* checkGroups({ cases }: Cases<GroupRow>): Iterable<Row> {
  for (const { groups, request, requirements = null } of cases) {
    const expand = (): readonly string[] =>
      expandDependencyGroup(groups, request).map((text) => formatRequirement(parseWrittenRequirement(text)));
    const subject = `${request} of ${JSON.stringify(groups)}`;
    yield { subject, expected: requirements, answer: () => unlessInvalid(expand) };
  }
}

function readScript(source: string): unknown {
  const block = unlessInvalid(() => readScriptMetadata(source));
  if (block === undefined) return { result: "none" };
  if (block === null) return { result: "error" };
  try {
    return { result: "ok", toml: block.toml, data: parse(block.toml) };
  } catch {
    return { result: "error", toml: block.toml };
  }
}

export function* checkScripts({ cases }: Cases<ScriptRow>): Iterable<Row> {
  for (const { source, result, toml, data } of cases) {
    yield { subject: source, expected: { result, toml, data }, answer: () => readScript(source) };
  }
}

export function* checkUrls({ cases }: Cases<UrlRow>): Iterable<Row> {
  for (const { data, valid } of cases) {
    const subject = JSON.stringify(data);
    yield { subject, expected: valid, answer: () => unlessInvalid(() => directUrlOf(data)) !== null };
    if (!valid) continue;
    const { url: _url, ...expected } = directUrlOf(data);
    const again = (): unknown => {
      const { url: _same, ...rest } = parseDirectUrl(formatDirectUrl(directUrlOf(data)));
      return rest;
    };
    yield { subject: `again ${subject}`, expected, answer: again };
  }
}

export function* checkLicenses({ cases }: Cases<LicenseRow>): Iterable<Row> {
  for (const { input, canonical = null } of cases) {
    yield { subject: input, expected: canonical, answer: () => unlessInvalid(() => parseLicenseExpression(input)) };
  }
}
