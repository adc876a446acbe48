import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isTable } from "../../plugin-api/project/project-text.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { containsKey, parseSpecifier } from "../../plugin-api/python/specifier.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import { itemsOfTomlArray } from "../../plugin-api/toml-array.ts";
import type { TomlPath } from "../../plugin-api/toml-document.ts";
import { setTomlKey } from "../../plugin-api/toml-edit.ts";
import { type Raised, raisedIn } from "../../plugins/dependencies/raise.ts";

// `upgrade --latest` and `version` on project files of every shape: the result means what was meant, and no byte beside it changes.

const FILES = fs.readdirSync(import.meta.dirname).filter((name) => name.endsWith(".toml"));
const LATEST = "9876.5.4";
const admits = (specifier: string): boolean => containsKey(parseSpecifier(specifier), versionKey(LATEST) ?? "");

/** Keys of all lists of requirements. */
function listsIn(text: string): readonly TomlPath[] {
  const { project, "dependency-groups": groups } = parse(text.replace(/^\uFEFF/, ""));
  const own = isTable(project) ? project : {};
  const extras = isTable(own["optional-dependencies"]) ? own["optional-dependencies"] : {};
  return [
    ...(Array.isArray(own["dependencies"]) ? [["project", "dependencies"]] : []),
    ...Object.keys(extras).map((name) => ["project", "optional-dependencies", name]),
    ...Object.keys(isTable(groups) ? groups : {}).map((name) => ["dependency-groups", name]),
  ];
}

/** The one piece in which two texts differ, before and after. */
function difference(before: string, after: string): readonly [string, string] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [before.slice(start, before.length - end), after.slice(start, after.length - end)];
}

let edits = 0;
for (const file of FILES) {
  const text = fs.readFileSync(path.join(import.meta.dirname, file), "utf8");
  test(`${file}: every constraint raised, one after the other`, () => {
    for (const at of listsIn(text))
      for (const [index, item] of (itemsOfTomlArray(text, at) ?? []).entries()) {
        if (!/^\s*[A-Za-z0-9]/.test(item)) continue;
        const { name, specifier, url, marker, extras } = parseRequirement(item);
        const raised: Raised[] = [];
        const after = raisedIn(text, at, { latest: new Map([[name, LATEST]]), raised });
        const others = raised.filter(({ from }) => from !== item);
        if (url !== undefined || admits(specifier)) {
          assert.not.ok(raised.some(({ from }) => from === item));
          continue;
        }
        const now = parseRequirement((itemsOfTomlArray(after, at) ?? [])[index] ?? "");
        assert.equal([now.name, now.marker, now.extras], [name, marker, extras], item);
        if (raised.some(({ from }) => from === item)) assert.ok(admits(now.specifier), `${item} -> ${now.specifier}`);
        if (others.length > 0 || raised.length !== 1) continue;
        edits++;
        const [old, new_] = difference(text, after);
        assert.ok(item.includes(old), `${item}: ${old} became ${new_}`);
        assert.ok((raised[0]?.to ?? "").includes(new_), `${item}: ${old} became ${new_}`);
      }
  });
  const { project } = parse(text.replace(/^\uFEFF/, ""));
  const version = isTable(project) ? project["version"] : undefined;
  if (typeof version !== "string") continue;
  test(`${file}: another version`, () => {
    const after = setTomlKey(text, ["project", "version"], "7!9.8rc6");
    edits++;
    const [old, new_] = difference(text, after);
    assert.ok(version.includes(old) && "7!9.8rc6".includes(new_), `${old} became ${new_}`);
    const now = parse(after.replace(/^\uFEFF/, "")) as { readonly project: { readonly version: string } };
    assert.is(now.project.version, "7!9.8rc6");
  });
}

test("these are many", () => assert.ok(edits >= 45, `${edits} edits`));

test.run();
