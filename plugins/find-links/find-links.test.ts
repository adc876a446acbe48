import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Origin } from "../../plugin-api/option.ts";
import { encodeVersionPage } from "../../plugin-api/page/encode.ts";
import { openVersionPage } from "../../plugin-api/page/view.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { ServiceKey } from "../../plugin-api/service.ts";
import { Credentials, Host, Http, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { fromEnv } from "../../plugin-api/setting-sources.ts";
import type { VersionsQuery } from "../../plugin-api/stages.ts";
import { sessionWith } from "../../test/harness/plugin-session.ts";
import { settings } from "./settings.ts";
import makeShelves from "./shelves.ts";
import { Shelves } from "./shelves-key.ts";
import findVersions from "./versions.ts";

interface Scene {
  readonly findLinks: readonly string[];
  readonly origin?: Origin;
  readonly verbose?: number;
  readonly isOffline?: boolean;
  readonly index?: (query: VersionsQuery) => readonly VersionPage[];
  /** Bodies by address. */
  readonly web?: Readonly<Record<string, string>>;
}

function sceneOf(folder: string, scene: Scene) {
  const asked: VersionsQuery[] = [];
  const http = {
    get: async (url: string) => {
      const body = scene.web?.[url];
      return { status: body === undefined ? 404 : 200, url, body: Buffer.from(body ?? "") };
    },
  };
  const origin: Origin = scene.origin ?? { kind: "argv", name: "--find-links" };
  const services: (readonly [ServiceKey<unknown>, unknown])[] = [
    [Host, { isOffline: scene.isOffline ?? false }],
    [Http, http],
    [Credentials, { learn: ({ url }: { url: string }) => url.replace(/\/\/[^/@]*@/, "//") }],
    [SettingsTable, { get: () => ({ origin }) }],
  ];
  const base = {
    cwd: folder,
    settings: { findLinks: scene.findLinks, verbose: scene.verbose ?? 0 },
    run: (async (_stage: string, query: VersionsQuery) => {
      asked.push(query);
      if (scene.index) return scene.index(query);
      throw new PybunError("E_NO_HANDLER", "no index");
    }) as unknown as Session["run"],
  };
  const inner = sessionWith(services, base);
  let shelves: Promise<Shelves> | undefined;
  const session = sessionWith([...services, [Shelves, (shelves ??= makeShelves(inner))]], base);
  const find = async (name: string, more: Partial<VersionsQuery> = {}) =>
    findVersions({ name: normalizeName(name), ...more }, session);
  return { find, asked, emitted: inner.emitted };
}

const inFolder = (files: Readonly<Record<string, string>>, body: (folder: string) => Promise<void>) => async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "find-links-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text);
    }
    await body(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
};

const told = (pages: readonly VersionPage[] | undefined) =>
  pages?.map((page) => [page.index, ...Array.from({ length: page.fileCount }, (_, row) => page.file(row).filename)]);
const pageOf = (index: string, name: string, ...filenames: string[]): VersionPage =>
  openVersionPage(
    encodeVersionPage({
      name: normalizeName(name),
      index,
      status: "active",
      files: filenames.map((filename) => ({
        filename,
        kind: "wheel",
        url: `https://files.example/${filename}`,
        isYanked: false,
        hasMetadataFile: false,
      })),
    }),
  );
const failure = async (work: Promise<unknown>): Promise<PybunError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, PybunError);
  return error as PybunError;
};

const WHEELS = {
  "wheels/demo-1.0-py3-none-any.whl": "",
  "wheels/demo-1.0.tar.gz": "",
  "wheels/Demo.Two-2.0-py3-none-any.whl": "",
  "wheels/demo_two-2.1.zip": "",
  "wheels/demo-2010i-py3-none-any.whl": "",
  "wheels/demo-1.1-1-py3-none-any.whl": "",
  "wheels/readme.txt": "",
  "more/demo-3.0-py3-none-any.whl": "",
};

test(
  "a folder's archives are sorted to their packages by any spelling of the name",
  inFolder(WHEELS, async (folder) => {
    const { find } = sceneOf(folder, { findLinks: ["wheels"] });
    assert.equal(told(await find("demo")), [
      ["wheels", "demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz", "demo-1.1-1-py3-none-any.whl"],
    ]);
    assert.equal(told(await find("demo-two")), [["wheels", "Demo.Two-2.0-py3-none-any.whl", "demo_two-2.1.zip"]]);
    const [page] = (await find("demo"))!;
    const url = pathToFileURL(path.join(folder, "wheels/demo-1.0-py3-none-any.whl")).href;
    assert.equal(page!.file(0), {
      filename: "demo-1.0-py3-none-any.whl",
      kind: "wheel",
      url,
      isYanked: false,
      hasMetadataFile: false,
    });
  }),
);

test(
  "the index's pages compete, behind those of the places in their order",
  inFolder(WHEELS, async (folder) => {
    const index = (query: VersionsQuery) => [
      pageOf("pypi", query.name, ...(query.name === "other" ? [] : ["demo-9.0-py3-none-any.whl"])),
    ];
    const { find, asked } = sceneOf(folder, { findLinks: ["./more", "wheels", "./more"], index });
    const pages = await find("demo");
    assert.equal(
      pages?.map((page) => page.index),
      ["./more", "wheels", "pypi"],
    );
    assert.equal(asked[0]?.skip, ["find-links"]);
    assert.equal(told(await find("other")), [["./more"], ["wheels"], ["pypi"]], "nobody has it: all are named");
    assert.equal(told(await find("demo", { skip: ["find-links"] })), undefined);
    assert.equal(told(await find("demo", { requirement: { url: "https://x.example/y.whl" } as never })), undefined);
  }),
);

test(
  "a package that only the index has comes without the places' empty pages",
  inFolder(WHEELS, async (folder) => {
    const index = (query: VersionsQuery) => [pageOf("pypi", query.name, "solo-1.0-py3-none-any.whl")];
    const { find } = sceneOf(folder, { findLinks: ["wheels"], index });
    assert.equal(told(await find("solo")), [["pypi", "solo-1.0-py3-none-any.whl"]]);
  }),
);

test(
  "without a network the places are enough for what they have",
  inFolder(WHEELS, async (folder) => {
    const index = () => {
      throw new PybunError("E_OFFLINE_MISS", "never fetched");
    };
    const { find } = sceneOf(folder, { findLinks: ["more"], index, isOffline: true });
    assert.equal(told(await find("demo")), [["more", "demo-3.0-py3-none-any.whl"]]);
    assert.is((await failure(find("other"))).code, "E_OFFLINE_MISS");
    const online = sceneOf(folder, { findLinks: ["more"], index });
    assert.is((await failure(online.find("demo"))).code, "E_OFFLINE_MISS");
  }),
);

test(
  "files left out are told with -v only",
  inFolder(WHEELS, async (folder) => {
    const quiet = sceneOf(folder, { findLinks: ["wheels"] });
    await quiet.find("demo");
    assert.equal(quiet.emitted, []);
    const { find, emitted } = sceneOf(folder, { findLinks: ["wheels"], verbose: 1 });
    await find("demo");
    await find("demo-two");
    assert.is(emitted.length, 1);
    assert.match(JSON.stringify(emitted), /I_ARCHIVE_IGNORED.*demo-2010i-py3-none-any.whl.*2010i.*not a valid version/);
  }),
);

test("an HTML page may link to archives of many packages", async () => {
  const html = `<base href="/files/"><a href="demo-1.0-py3-none-any.whl#sha256=${"ab".repeat(32)}" data-requires-python="&gt;=3.9">x</a>
    <A HREF='other-1.0.tar.gz'>y</A><a href="demo-1.0.sig">z</a>`;
  const { find } = sceneOf("/", {
    findLinks: ["https://me:pw@a.example/links"],
    web: { "https://a.example/links": html },
  });
  const [page] = (await find("demo"))!;
  assert.is(page?.index, "https://a.example/links");
  assert.equal(page?.file(0), {
    filename: "demo-1.0-py3-none-any.whl",
    kind: "wheel",
    url: "https://a.example/files/demo-1.0-py3-none-any.whl",
    sha256: "ab".repeat(32),
    requiresPython: ">=3.9",
    isYanked: false,
    hasMetadataFile: false,
  });
  assert.equal(told(await find("other")), [["https://a.example/links", "other-1.0.tar.gz"]]);
});

test(
  "a page on disk may link to its neighbours, an archive may stand for itself",
  inFolder({ "links.html": `<a href="sub/demo-1.0.zip">x</a>`, "demo-2.0.zip": "" }, async (folder) => {
    const url = `https://a.example/demo-3.0-py3-none-any.whl#sha256=${"cd".repeat(32)}`;
    const { find } = sceneOf(folder, { findLinks: ["links.html", "demo-2.0.zip", url] });
    const pages = (await find("demo"))!;
    assert.equal(
      pages.map((page) => page.file(0).url),
      [
        pathToFileURL(path.join(folder, "sub/demo-1.0.zip")).href,
        pathToFileURL(path.join(folder, "demo-2.0.zip")).href,
        url.split("#")[0],
      ],
    );
    assert.is(pages[2]?.file(0).sha256, "cd".repeat(32));
  }),
);

test(
  "relative places start from the file that names them, project settings from the project",
  inFolder(WHEELS, async (folder) => {
    for (const [file, place] of [
      ["pyproject.toml", "more"],
      [".pybun/config.toml", "more"],
      ["conf/x/config.toml", "../../more"],
    ] as const) {
      const origin: Origin = { kind: "file", name: path.join(folder, file) };
      const { find } = sceneOf("/nowhere", { findLinks: [place], origin });
      // The scene's own folder is of no importance: only the origin's is.
      assert.equal(told(await find("demo")), [[place, "demo-3.0-py3-none-any.whl"]], file);
    }
    const { find } = sceneOf("/nowhere", { findLinks: [pathToFileURL(path.join(folder, "more")).href] });
    assert.is((await find("demo"))?.[0]?.fileCount, 1);
  }),
);

test(
  "what can't be read is an error that names the place and who named it",
  inFolder({ "notes.txt": "", "evil.html": `<a href="ftp://a.example/demo-1.0.zip">x</a>` }, async (folder) => {
    const cases = [
      ["./none", /no folder or page `\.\/none`/],
      ["notes.txt", /`notes.txt` is neither a folder nor a page nor an archive/],
      ["evil.html", /`evil.html` lists a file of the scheme `ftp:`/],
      ["https://a.example/gone", /`https:\/\/a.example\/gone` can't be read: the server answered 404/],
    ] as const;
    for (const [place, message] of cases) {
      const origin: Origin = { kind: "environment", name: "PYBUN_FIND_LINKS" };
      const error = await failure(sceneOf(folder, { findLinks: [place], origin }).find("demo"));
      assert.is(error.code, "E_FIND_LINKS");
      assert.match(error.message, message);
      assert.equal(error.detail.evidence, ["named by PYBUN_FIND_LINKS"]);
      assert.match(error.detail.hints?.[0] ?? "", "config list --show-origin");
    }
  }),
);

test(
  "a folder that only pip's settings name may be missing, as with pip",
  inFolder(WHEELS, async (folder) => {
    for (const name of ["PIP_FIND_LINKS", "/etc/pip.conf"]) {
      const origin: Origin = { kind: name.startsWith("/") ? "file" : "environment", name };
      const findLinks = ["/no/such/folder", path.join(folder, "more")];
      const { find, emitted } = sceneOf(folder, { findLinks, origin });
      assert.is((await find("demo"))?.length, 1);
      await find("other");
      assert.is(emitted.length, 1, "told once");
      assert.match(JSON.stringify(emitted), `W_FIND_LINKS","message":"no folder or page \`/no/such/folder\``);
    }
  }),
);

test("uv's variable is split at commas, pip's and our own at blanks", () => {
  const read = (env: Readonly<Record<string, string>>) => fromEnv(env, settings.findLinks)?.value;
  assert.equal(read({ UV_FIND_LINKS: "/my wheels, https://a.example/x" }), ["/my wheels", "https://a.example/x"]);
  assert.equal(read({ PIP_FIND_LINKS: "/a  /b,c" }), ["/a", "/b,c"]);
  assert.equal(read({ PIP_FIND_LINKS: "/a", PYBUN_FIND_LINKS: "/b /c" }), ["/b", "/c"]);
});

test.run();
