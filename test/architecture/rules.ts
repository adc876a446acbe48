import { importCircles, loadedWith, reachableFrom } from "./graph.ts";
import { type Import, isProduct, isTest, lineCount, pluginOf, type SourceFile } from "./source-file.ts";

/** What a rule finds: one line for each place, `path:line what is wrong`. */
export type Rule = (files: readonly SourceFile[]) => string[];

const DIRECTIONS: Readonly<Record<string, readonly string[]>> = {
  "plugin-api": ["plugin-api"],
  kernel: ["kernel", "plugin-api"],
  plugins: ["plugins", "plugin-api", "templates"],
  presets: ["presets", "plugins", "kernel", "plugin-api", "templates"],
};

const room = (path: string): string => path.split("/", 1)[0] as string;
const at = (file: SourceFile, each: { readonly line: number }): string => `${file.path}:${each.line}`;
const isOwn = (file: SourceFile, each: Import): boolean =>
  pluginOf(file.path) !== undefined && pluginOf(file.path) === pluginOf(each.target);

const eachImport = (
  files: readonly SourceFile[],
  applies: (file: SourceFile) => boolean,
  judge: (file: SourceFile, each: Import) => string | undefined,
): string[] =>
  files.filter(applies).flatMap((file) =>
    file.imports.flatMap((each) => {
      const fault = judge(file, each);
      return fault === undefined ? [] : [`${at(file, each)} ${fault}`];
    }),
  );

export const importDirection: Rule = (files) =>
  eachImport(
    files,
    (file) => room(file.path) in DIRECTIONS,
    (file, each) => {
      if (!each.isFile || !each.target.includes("/")) return undefined; // package.json is everybody's
      const to = room(each.target);
      if (isTest(file) && to === "test") return undefined;
      return DIRECTIONS[room(file.path)]?.includes(to) ? undefined : `imports ${each.target}`;
    },
  );

export const pluginsApart: Rule = (files) =>
  eachImport(
    files,
    (file) => pluginOf(file.path) !== undefined,
    (file, each) =>
      pluginOf(each.target) !== undefined && !isOwn(file, each)
        ? `imports ${each.target} of another plugin`
        : undefined,
  );

/** Without a plugin's folder everything but the presets that list it still compiles. */
export const pluginsRemovable: Rule = (files) =>
  eachImport(
    files,
    (file) => !["presets", "test", "docs"].includes(room(file.path)),
    (file, each) =>
      pluginOf(each.target) !== undefined && !isOwn(file, each) ? `would break without ${each.target}` : undefined,
  );

export const onlyStageImportsTapable: Rule = (files) =>
  eachImport(
    files,
    (file) => file.path !== "kernel/stage.ts",
    (_, each) => (each.target === "tapable" ? "imports tapable" : undefined),
  );

/** Product code imports what users get: Node's modules, and the packages under `dependencies`. */
export const onlyDeclaredPackages =
  (dependencies: readonly string[]): Rule =>
  (files) =>
    eachImport(files, isProduct, (_, each) => {
      const name = each.target.split("/", each.target.startsWith("@") ? 2 : 1).join("/");
      const isKnown = each.isFile || /^(node|bun):/.test(each.target) || dependencies.includes(name);
      return isKnown || each.target === "bun" ? undefined : `imports ${each.target}, which is no dependency`;
    });

const MANIFEST = /^plugins\/[^/]+\/index\.ts$/;
const DECLARATIONS = /^plugins\/[^/]+\/(index|([a-z]+-)?commands|declarations|settings|errors)\.ts$/;

/** What is loaded to list a plugin is data: the manifest and its declarations import nothing that does work. */
export const manifestsAreData: Rule = (files) =>
  eachImport(
    files,
    (file) => DECLARATIONS.test(file.path),
    (file, each) => {
      if (each.when !== "static" || room(each.target) === "plugin-api") return undefined;
      return isOwn(file, each) && DECLARATIONS.test(each.target) ? undefined : `loads ${each.target} at start`;
    },
  );

export const fileSizes: Rule = (files) =>
  files
    .filter((file) => file.path.endsWith(".ts"))
    .map((file) => ({ file, lines: lineCount(file), most: MANIFEST.test(file.path) ? 60 : 400 }))
    .filter(({ lines, most }) => lines > most)
    .map(({ file, lines, most }) => `${file.path} has ${lines} lines, ${most} are allowed`);

export const kernelSize: Rule = (files) => {
  const lines = files
    .filter((file) => room(file.path) === "kernel" && isProduct(file))
    .reduce((sum, file) => sum + lineCount(file), 0);
  return lines < 900 ? [] : [`the kernel has ${lines} lines, fewer than 900 are allowed`];
};

export const noBarrels: Rule = (files) =>
  files
    .filter((file) => isProduct(file) && !["plugin-api/index.ts", "presets/library.ts"].includes(file.path))
    .filter((file) => file.imports.some((each) => each.isReexport && each.when === "static"))
    .map((file) => `${file.path} re-exports what another file declares`);

export const telling: Rule = (files) =>
  files
    .filter((file) => /(^|[/-])(utils?|helpers?|common|misc|managers?)([-.][^/]*)?\.(ts|py)$/.test(file.path))
    .map((file) => `${file.path} has a name that says nothing`);

export const noCircles: Rule = (files) =>
  importCircles(files.filter(isProduct)).map((circle) => `imports go in a circle: ${circle.join(" -> ")}`);

/** The shortest call loads neither kernel nor plugins. */
export const bareStart =
  (entry: string): Rule =>
  (files) =>
    loadedWith(files, entry)
      .filter(({ target, isFile }) => !isFile || ["kernel", "plugins"].includes(room(target)))
      .map(({ target }) => `${entry} loads ${target} at start`);

/** Before the command is known, plugins are read as data, and no package is loaded but those given. */
export const lazyStart =
  (entries: readonly string[], packages: readonly string[]): Rule =>
  (files) =>
    entries.flatMap((entry) =>
      loadedWith(files, entry)
        .filter(({ target, isFile }) =>
          isFile
            ? room(target) === "plugins" && !DECLARATIONS.test(target)
            : !/^(node|bun):|^bun$/.test(target) && !packages.includes(target),
        )
        .map(({ target }) => `${entry} loads ${target} at start`),
    );

/** Of Node's modules some bring dozens of others: each costs a command that needs nothing of it up to a sixth of its time. */
const HEAVY = /^node:(?:util|crypto|zlib|stream|http2?|https|net|tls|readline|assert|test|cluster|inspector)(?:\/|$)/;

/** `quick`: plugins whose handlers run in commands that people wait for. */
export const lightHandlers =
  (quick: readonly string[]): Rule =>
  (files) => {
    const manifests = files.filter(({ path }) => quick.includes(pluginOf(path) ?? "") && path.endsWith("/index.ts"));
    const handlers = manifests.flatMap(({ imports }) => imports.filter(({ when }) => when === "dynamic"));
    const loaded = handlers.flatMap(({ target }) => [target, ...loadedWith(files, target).map((each) => each.target)]);
    const isHeavy = ({ target, when }: Import): boolean => when === "static" && HEAVY.test(target);
    return files
      .filter(({ path }) => loaded.includes(path))
      .flatMap((file) => file.imports.filter(isHeavy).map((each) => `${at(file, each)} loads ${each.target}`));
  };

/**
 * A fast form pays only if it loads next to nothing: one that is loaded on its own, Node's modules, files beside it and what
 * is made for it; one that is in the executable's first module, the latter alone.
 */
export const lightFastForms =
  (list: string): Rule =>
  (files) => {
    const forms = (files.find((file) => file.path === list)?.imports ?? []).filter((each) => each.when === "dynamic");
    const isLight = (target: string): boolean => /^(plugin-api\/launch|presets)\//.test(target);
    return [
      ...loadedWith(files, list)
        .filter(({ target, isFile }) => !isFile || !isLight(target))
        .map(({ target }) => `${list} loads ${target}`),
      ...forms.flatMap((form) =>
        loadedWith(files, form.target)
          .filter(({ target, isFile }) =>
            isFile
              ? pluginOf(target) !== pluginOf(form.target) && !isLight(target)
              : !/^(node|bun):|^bun$/.test(target),
          )
          .map(({ target }) => `${form.target} loads ${target}`),
      ),
    ];
  };

/** What nothing leads to is dead. The vocabulary is not: it is there for plugins to come. */
export const nothingDead =
  (entries: readonly string[]): Rule =>
  (files) => {
    const alive = new Set([...entries, ...reachableFrom(files, entries).map(({ target }) => target)]);
    return files
      .filter((file) => isProduct(file) && !/^plugin-api\/|\.d\.ts$/.test(file.path) && !alive.has(file.path))
      .map((file) => `${file.path} is reached from nowhere`);
  };
