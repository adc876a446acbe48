import type { Rule } from "./rules.ts";
import { isProduct, pluginOf, type SourceFile } from "./source-file.ts";

/** Rules about what stands in a file, with strings and comments told apart from code. */

const TOOLS = /^presets\/(build|start)\.ts$/;

/** Places where `pattern` occurs in tokens of one kind. */
function find(files: readonly SourceFile[], kind: "code" | "string" | "comment", pattern: RegExp): string[] {
  return files.flatMap((file) =>
    file.tokens
      .filter((token) => token.kind === kind)
      .flatMap((token) =>
        [...token.text.matchAll(new RegExp(pattern, "g"))].map((match) => {
          const line = token.line + token.text.slice(0, match.index).split("\n").length - 1;
          return `${file.path}:${line} has ${match[0]}`;
        }),
      ),
  );
}

/** What exists on Bun alone stands in files named native.ts. */
export const nativeOnlyInNative: Rule = (files) => {
  const others = files.filter(
    (file) => isProduct(file) && !/(^|\/)native\.ts$/.test(file.path) && !TOOLS.test(file.path),
  );
  return [
    ...find(others, "code", /\bBun\.\w+|\bmmap\b/),
    ...others.flatMap((file) =>
      file.imports
        .filter((each) => /^bun(:|$)/.test(each.target))
        .map((each) => `${file.path}:${each.line} imports ${each.target}`),
    ),
  ];
};

/** Tools of the build, and the start, which prints a line or two before anything else is loaded. */
const PRINTERS = /^(presets\/(build|start|launch)|plugin-api\/launch\/native)\.ts$/;

export const onlyReportersPrint: Rule = (files) =>
  find(
    files.filter((file) => isProduct(file) && !PRINTERS.test(file.path)),
    "code",
    /\bprocess\.std(out|err)\b|\bconsole\.\w+/,
  );

/** A finding of a checker is mended; where the checker is wrong, the comment says why. Sizes are never excused. */
export const nothingSilenced: Rule = (files) =>
  find(
    files,
    "comment",
    /(oxlint|eslint)-disable(?!.* -- \w)(?!.*max-).*|@ts-(ignore|nocheck|expect-error)(?!.* \w).*|biome-ignore(?!.*: \w).*/,
  );

const HOSTS = /(pypi|pythonhosted|npmjs|anaconda)\.(org|com)/g;

export const noRegistryHosts: Rule = (files) =>
  eachLine(
    files.filter((file) => pluginOf(file.path) !== "pypi"),
    HOSTS,
    "names the host",
  );

const MACHINE = /\/(work|root|home\/\w+|Users\/\w+)\/(main|shared|src|\.pyenv)\b/g;
const UNFINISHED = /\b(TO(?:DO)|FIX(?:ME)|X(?:XX)|HA(?:CK))\b/g;

export const noMachinePaths: Rule = (files) => eachLine(files, MACHINE, "names the path");
export const nothingUnfinished: Rule = (files) => eachLine(files, UNFINISHED, "leaves a");

function eachLine(files: readonly SourceFile[], pattern: RegExp, verb: string): string[] {
  return files.flatMap((file) =>
    [...file.text.matchAll(pattern)].map((match) => {
      const line = file.text.slice(0, match.index).split("\n").length;
      return `${file.path}:${line} ${verb} ${match[0]}`;
    }),
  );
}

/** The kernel knows stages and global options, not plugins; `shared` are names of those that a plugin may have, too. */
export const kernelNamesNoPlugin =
  (shared: readonly string[]): Rule =>
  (files) => {
    const plugins = new Set(
      files.flatMap((file) => pluginOf(file.path) ?? []).filter((name) => !shared.includes(name)),
    );
    return files
      .filter((file) => file.path.startsWith("kernel/") && isProduct(file))
      .flatMap((file) =>
        file.tokens
          .filter((token) => token.kind === "string" && plugins.has(token.text))
          .map((token) => `${file.path}:${token.line} names the plugin "${token.text}"`),
      );
  };

const THROWN = /\b(?:new\s+PybunError|warning)\s*\(\s*$/;

/** Every code is declared by the plugin that throws it, or among the shared ones. */
export const codesDeclared: Rule = (files) =>
  files.filter(isProduct).flatMap((file) => {
    const home = pluginOf(file.path) === undefined ? `${file.path.split("/")[0]}/` : `plugins/${pluginOf(file.path)}/`;
    const declared = declaredCodes(files, [`${home}errors.ts`, `${home}codes.ts`, "plugin-api/codes.ts"]);
    return file.tokens.flatMap((token, index) => {
      const isThrown = token.kind === "string" && THROWN.test(file.tokens[index - 1]?.text ?? "");
      return isThrown && !declared.has(token.text)
        ? [`${file.path}:${token.line} throws ${token.text}, undeclared`]
        : [];
    });
  });

/** A code has one owner and one meaning. */
export const codesUnique: Rule = (files) => {
  const owners = new Map<string, string>();
  return files
    .filter((file) => /(^|\/)(errors|codes)\.ts$/.test(file.path))
    .flatMap((file) =>
      [...declaredCodes(files, [file.path])].flatMap((code) => {
        const owner = owners.get(code);
        owners.set(code, file.path);
        return owner === undefined ? [] : [`${file.path} declares ${code}, which ${owner} owns`];
      }),
    );
};

const declaredCodes = (files: readonly SourceFile[], paths: readonly string[]): Set<string> =>
  new Set(
    files
      .filter((file) => paths.includes(file.path))
      .flatMap((file) => [...file.text.matchAll(/^ {2}([A-Z]\w*): \{/gm)].map((match) => match[1] as string)),
  );

/** A plugin's folder tells what it is. */
export const pluginFolders: Rule = (files) => {
  const paths = new Set(files.map((file) => file.path));
  const plugins = new Set(files.flatMap((file) => pluginOf(file.path) ?? []));
  return [...plugins].flatMap((plugin) =>
    ["index.ts", "README.md"]
      .map((name) => `plugins/${plugin}/${name}`)
      .filter((path) => !paths.has(path))
      .map((path) => `${path} is missing`),
  );
};
