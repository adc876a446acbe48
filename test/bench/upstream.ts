/** Reads pages of a simple index in either form (PEP 503 and 691), as far as a mirror needs it. */

export interface UpstreamFile {
  readonly filename: string;
  readonly url: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly requiresPython?: string;
  readonly yanked?: boolean | string;
  readonly uploadTime?: string;
}

const ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/** The files of a project; undefined when the index has no such project. Throws when it answers with an error. */
export async function fetchPage(index: string, name: string): Promise<readonly UpstreamFile[] | undefined> {
  const url = `${index.replace(/\/*$/, "/")}${name}/`;
  const answer = await fetch(url, { headers: { Accept: ACCEPT } });
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const isJson = answer.headers.get("content-type")?.includes("json") === true;
  return isJson ? fromJson(await answer.json(), answer.url) : fromHtml(await answer.text(), answer.url);
}

interface JsonPage {
  readonly files: readonly {
    readonly filename: string;
    readonly url: string;
    readonly hashes: Readonly<Record<string, string>>;
    readonly size?: number;
    readonly "requires-python"?: string | null;
    readonly yanked?: boolean | string;
    readonly "upload-time"?: string;
  }[];
}

const fromJson = (page: unknown, base: string): UpstreamFile[] =>
  (page as JsonPage).files.map((file) => ({
    filename: file.filename,
    url: new URL(file.url, base).href,
    ...given("sha256", file.hashes["sha256"]),
    ...given("size", file.size),
    ...given("requiresPython", file["requires-python"] ?? undefined),
    ...given("yanked", file.yanked || undefined),
    ...given("uploadTime", file["upload-time"]),
  }));

/** Anchors of the page; attributes in any order and quoting. */
export function fromHtml(page: string, base: string): UpstreamFile[] {
  return [...page.matchAll(/<a\s+([^>]*)>([^<]*)<\/a>/gi)].map(([, attributes = "", text = ""]) => {
    const values = new Map(
      [...attributes.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g)].map((match) => [
        (match[1] as string).toLowerCase(),
        unescapeHtml(match[2] ?? match[3] ?? match[4] ?? ""),
      ]),
    );
    const url = new URL(values.get("href") ?? "", base);
    const yanked = values.get("data-yanked");
    const sha256 = /sha256=([0-9a-f]{64})/.exec(url.hash)?.[1];
    url.hash = "";
    return {
      filename: unescapeHtml(text.trim()),
      url: url.href,
      ...given("sha256", sha256),
      ...given("requiresPython", values.get("data-requires-python")),
      ...given("yanked", yanked === "" ? true : yanked),
      ...given("uploadTime", values.get("data-upload-time")),
    };
  });
}

const given = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'" };
const unescapeHtml = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name: string) => ENTITIES[name] as string);
