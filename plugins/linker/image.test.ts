import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { imageFile } from "../../plugin-api/environment-image.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { openLinkBench } from "../../test/harness/link-bench.ts";

const auditor = definePlugin({
  name: "auditor",
  version: "1",
  apiVersion: 1,
  summary: "Looks at what is linked",
  maturity: "stable",
  stages: { link: { settle: { load: async () => ({ default: async () => {} }) } } },
});

for (const [plugins, has] of [
  [[], true],
  [[auditor], false],
] as const)
  test(`an environment ${has ? "leaves an image" : "leaves none where others take part in linking"}`, async () => {
    const bench = await openLinkBench({ plugins });
    try {
      const root = path.join(bench.dir, "env");
      const install = [await bench.add({ name: "tool", version: "1", files: { "tool.py": "" } })];
      await bench.link({ root, install });
      assert.is(readEnvironmentStamp(root)?.image !== undefined, has);
      await bench.link({ root, remove: ["tool"] });
      assert.is(readEnvironmentStamp(root)?.image, undefined, "it is of what was there before");
    } finally {
      bench.remove();
    }
  });

const TOOL = {
  name: "tool",
  version: "1",
  files: {
    "tool/__init__.py": "def main(): print('ran')\n",
    "tool-1.dist-info/entry_points.txt": "[console_scripts]\ntool = tool:main\n",
  },
};

/** Every file and link below a folder with what it holds, the folder's own path as `~`. */
function contentOf(root: string): readonly string[] {
  const lines: string[] = [];
  const look = (folder: string): void => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) look(file);
      else
        lines.push(
          `${path.relative(root, file)}: ${entry.isSymbolicLink() ? fs.readlinkSync(file) : fs.readFileSync(file, "latin1")}`,
        );
    }
  };
  look(root);
  // Hashes of scripts tell their place, and a stamp the time.
  return lines
    .filter((line) => !/^(?:pybun\.json|[^:]*RECORD):/.test(line))
    .map((line) => line.replaceAll(root, "~"))
    .sort();
}

for (const [what, spoil] of [
  ["by its image", () => {}],
  ["without one that is damaged", (image: string) => fs.writeFileSync(image, "{")],
  [
    "without one that names what is gone",
    (image: string) => fs.writeFileSync(image, fs.readFileSync(image, "utf8").replaceAll("/tree", "/elsewhere")),
  ],
] as const)
  test(`the same packages in another place are put there ${what}`, async () => {
    const bench = await openLinkBench({});
    try {
      const roots = ["first", "second"].map((name) => path.join(bench.dir, name, "env")) as [string, string];
      const install = [await bench.add(TOOL)];
      await bench.link({ root: roots[0], install });
      const { image } = readEnvironmentStamp(roots[0]) ?? {};
      spoil(imageFile(path.join(bench.dir, "data"), image ?? ""));
      await bench.link({ root: roots[1], install });
      assert.equal(contentOf(roots[1]), contentOf(roots[0]));
      const stamps = roots.map((root) => readEnvironmentStamp(root));
      assert.is(stamps[1]?.image, image);
      assert.equal(Object.keys(stamps[1]?.commands ?? {}), Object.keys(stamps[0]?.commands ?? {}));
    } finally {
      bench.remove();
    }
  });

test("one with a prompt of its own is made of the image of another, and its stamp names none", async () => {
  const bench = await openLinkBench({});
  try {
    const roots = ["first", "second", "third"].map((name) => path.join(bench.dir, name, "env"));
    const install = [await bench.add(TOOL)];
    const images = path.dirname(imageFile(path.join(bench.dir, "data"), "name"));
    const made: (readonly string[])[] = [];
    for (const [at, root] of roots.entries()) {
      await bench.link({ root, install, destination: at === 2 ? {} : { prompt: "tools" } });
      assert.is(fs.readdirSync(images).length, 1);
      assert.is(readEnvironmentStamp(root)?.image !== undefined, at === 2);
      assert.match(
        fs.readFileSync(path.join(root, "pyvenv.cfg"), "utf8"),
        at === 2 ? "prompt = env" : "prompt = tools",
      );
      made.push(contentOf(root).filter((line) => !/^(?:pyvenv\.cfg|bin\/[aA]ctivate)/.test(line)));
    }
    assert.equal([made[1], made[2]], [made[0], made[0]]);
  } finally {
    bench.remove();
  }
});

const NESTED = {
  name: "nested",
  version: "1",
  files: Object.fromEntries(
    ["__init__.py", "a/b/c/deep.py", "a/größe.txt", "empty.txt", "z.py"].map((name) => [`nested/${name}`, name]),
  ),
};

for (const [what, spoil, isUsed] of [
  ["by their names", (text: string) => text, true],
  ["without names that don't fit any more", (text: string) => text.replace("deep.py", "gone.py"), false],
  ["without names that are taken", (text: string) => text.replace("a/b\\n", "a/b\\na/b\\n"), false],
] as const)
  test(`files are linked into another place ${what}`, async () => {
    const bench = await openLinkBench({});
    try {
      const roots = ["first", "second"].map((name) => path.join(bench.dir, name, "env")) as [string, string];
      const install = [await bench.add(NESTED)];
      await bench.link({ root: roots[0], install, mode: "hardlink" });
      const image = imageFile(path.join(bench.dir, "data"), readEnvironmentStamp(roots[0])?.image ?? "");
      const text = fs.readFileSync(image, "utf8");
      fs.writeFileSync(image, spoil(text));
      assert.is(fs.readFileSync(image, "utf8") === text, isUsed);
      const { linkSync } = fs;
      const linked: string[] = [];
      fs.linkSync = (from, to) => {
        linked.push(path.basename(to.toString()));
        linkSync(from, to);
      };
      try {
        await bench.link({ root: roots[1], install, mode: "hardlink" });
      } finally {
        fs.linkSync = linkSync;
      }
      assert.is(linked.includes("deep.py"), !isUsed, "one by one only where they can't be linked all at once");
      assert.equal(contentOf(roots[1]), contentOf(roots[0]));
      const [first, second] = roots.map((root) => {
        const [deep = ""] = fs
          .globSync("lib/*/site-packages/nested/a/b/c/deep.py", { cwd: root })
          .map((file) => path.join(root, file));
        return fs.statSync(deep).ino;
      });
      assert.is(first, second, "one file, in the store and in both");
      assert.not(fs.existsSync(`${roots[1]}.staging`));
    } finally {
      bench.remove();
    }
  });

test.run();
