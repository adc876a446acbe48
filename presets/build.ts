// Compiles a preset into one executable: `bun presets/build.ts [--preset FILE --name NAME] [--outfile FILE]`.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { hasCompiler } from "./c-compiler.ts";
import { attachClient } from "./client/attach.ts";
import { asked } from "./served.ts";
import { taking } from "./taking.ts";

const ROOT = path.dirname(import.meta.dirname);

/** Where the start begins: what these import without waiting is its own. */
const START = /^presets\/(?:launch|fast)\.ts$/;
/** Marks a file as the start's own copy. */
const OWN = "?start";

/** Modules that run as threads: an executable holds them only as entries of their own. */
const THREADS = ["plugins/store/ingest-worker.ts", "plugins/linker/link-thread.ts", "plugins/pypi/page-thread.ts"];

/** Optional companions of dependencies. */
const ABSENT = /^(?:xmlbuilder2|libxmljs2|ajv(?:-formats(?:-draft2019)?)?(?:\/.*)?)$/;

const { values } = parseArgs({
  options: {
    preset: { type: "string" },
    name: { type: "string", default: "pybun" },
    outfile: { type: "string", default: path.join(ROOT, "dist", "pybun") },
    metafile: { type: "string" },
  },
});

/** An organisation's preset gets an entry of its own beside its executable (SPEC PRE-03). */
function entryFor(preset: string, folder: string): string {
  const file = path.resolve(preset);
  const here = (name: string) => JSON.stringify(path.join(ROOT, "presets", name));
  const text = `import { launch } from ${here("launch.ts")};
import own from ${JSON.stringify(file)};
await launch({
  preset: own.name,
  presets: async () => ({ ...(await import(${here("shipped.ts")})).presets, [own.name]: own }),
  ...(await import(${here("fast.ts")})),
  ...(await import(${here("served.ts")})),
});
`;
  const entry = path.join(folder, "entry.ts");
  fs.writeFileSync(entry, text);
  return entry;
}

/** Each further module that loads with it costs every command a third of a millisecond. Throws where there is one. */
function assertStartIsOneModule(metafile: Bun.BuildMetafile | undefined): void {
  const outputs = Object.values(metafile?.outputs ?? {});
  const start = outputs.find(({ entryPoint }) => entryPoint?.endsWith("presets/pybun.ts"));
  const loaded = start?.imports.find(({ kind }) => kind === "import-statement");
  if (start === undefined || loaded !== undefined)
    throw new Error(`the start of the executable loads ${loaded?.path ?? "what is unknown"}`);
}

const commit = (): string => {
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
};

const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string };
const outfile = path.resolve(values.outfile);
fs.mkdirSync(path.dirname(outfile), { recursive: true });
const scratch = fs.mkdtempSync(path.join(path.dirname(outfile), ".build-"));
try {
  const built = path.join(scratch, "executable");
  const result = await Bun.build({
    entrypoints: [
      values.preset === undefined ? path.join(ROOT, "presets", "pybun.ts") : entryFor(values.preset, scratch),
      ...THREADS.map((file) => path.join(ROOT, file)),
    ],
    root: ROOT,
    // Without bytecode the start takes 1.6 to 6 times as long; splitting keeps unused plugins out of it.
    bytecode: true,
    splitting: true,
    minify: true,
    format: "esm",
    metafile: true,
    define: {
      BUILT: JSON.stringify({
        name: values.name,
        version,
        commit: commit(),
        asked: hasCompiler() ? asked : [],
        taking,
      }),
    },
    compile: {
      outfile: built,
      // By default a bunfig.toml or .env in the user's folder would act inside the executable.
      autoloadBunfig: false,
      autoloadDotenv: false,
      autoloadPackageJson: false,
      autoloadTsconfig: false,
      // Most runs end before compiled code would pay; a long solve asks for the normal policy again.
      jitPolicy: 1000,
      execArgv: ["--experimental-http2-fetch"],
    },
    plugins: [
      {
        // What two modules of the executable share becomes a third one, and loading it takes a third of a millisecond: a
        // tenth of what `--version` takes.
        name: "the start is one module",
        setup(build) {
          build.onResolve({ filter: /^\.\.?\// }, ({ path: file, importer, kind }) => {
            const from = importer.replace(OWN, "");
            const isStart = from !== importer || START.test(path.relative(ROOT, from));
            return isStart && kind === "import-statement"
              ? { path: path.resolve(path.dirname(from), file) + OWN, namespace: "start" }
              : undefined;
          });
          build.onLoad({ filter: /./, namespace: "start" }, async ({ path: file }) => ({
            contents: await Bun.file(file.replace(OWN, "")).text(),
            loader: "ts",
          }));
        },
      },
      {
        // Parsers of XML and validators that a library would take if they were there. Left to be looked for at run time, they
        // could be found in the user's folder.
        name: "what is optional is not there",
        setup(build) {
          build.onResolve({ filter: ABSENT }, ({ path: name }) => ({ path: name, namespace: "absent" }));
          build.onLoad({ filter: /./, namespace: "absent" }, ({ path: name }) => ({
            contents: `throw new Error(${JSON.stringify(`${name} is not in the executable`)})`,
            loader: "js",
          }));
        },
      },
      {
        // Of node:util tapable takes what tells of deprecated calls, and brings a small one of its own for browsers. The large
        // one costs a tenth of most commands.
        name: "tapable without node:util",
        setup(build) {
          build.onLoad({ filter: /[\\/]tapable[\\/]lib[\\/]Hook(?:Map)?\.js$/ }, async ({ path: file }) => ({
            contents: (await Bun.file(file).text()).replace('require("util")', 'require("./util-browser.js")'),
            loader: "js",
          }));
        },
      },
      {
        name: "plugin-api for presets from elsewhere",
        setup(build) {
          build.onResolve({ filter: /^pybun\/plugin-api$/ }, () => ({
            path: path.join(ROOT, "plugin-api", "index.ts"),
          }));
        },
      },
    ],
  });
  if (values.metafile !== undefined) fs.writeFileSync(values.metafile, JSON.stringify(result.metafile));
  if (values.preset === undefined) assertStartIsOneModule(result.metafile);
  if (hasCompiler()) attachClient(built, { commands: asked, taking }, scratch);
  fs.renameSync(built, outfile);
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
