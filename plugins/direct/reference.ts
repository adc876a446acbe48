import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseSha256 } from "../../plugin-api/model/digest.ts";
import { archiveKind, fileUrl, isPlainFilename, UnsafeLink } from "../../plugin-api/page/archive-links.ts";
import { invalid } from "./faults.ts";

/** A direct reference (PEP 508, `name @ URL`), taken apart. */
export interface Reference {
  /** `demo @ https://…` without credentials, for messages; the URL alone while the name is not known. */
  readonly text: string;
  /** Without fragment; may still hold user-info. */
  readonly url: string;
  /** Absolute path, when it is on this machine. */
  readonly path?: string;
  /** Last part of the path. */
  readonly filename: string;
  /** Folder below the archive's root or the tree. */
  readonly subdirectory?: string;
  /** The folder's project is to be installed so that changes to it count at once (PEP 660). */
  readonly isEditable?: true;
  /** What the fragment says of the content. */
  readonly digest?: { readonly algorithm: string; readonly hex: string };
}

/** Length in hexadecimal digits of the digests that a fragment may give. */
const DIGESTS: Readonly<Record<string, number>> = {
  sha256: 64,
  sha384: 96,
  sha512: 128,
  sha224: 56,
  sha1: 40,
  md5: 32,
};

/** Takes a requirement's URL apart; plain absolute paths are understood as well. Throws `E_DIRECT_REFERENCE`. */
export function parseReference(name: string, written: string, cwd: string): Reference {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(written)?.[1]?.toLowerCase();
  if (scheme === "http" || scheme === "https") return parseRemote(name, written);
  if (scheme === "file" || scheme === undefined) return parseLocal({ name, written, cwd, isUrl: scheme === "file" });
  const [, vcs] = /^(hg|svn|bzr)(?:\+|$)/.exec(scheme) ?? [];
  const what =
    vcs === undefined ? `has the unknown scheme \`${scheme}\`` : `names a \`${vcs}\` repository, not an archive`;
  throw invalid(`\`${prefix(name)}${withoutLogin(written)}\` ${what}`, {
    hints: [`name an archive over http, https or file: \`${prefix(name)}https://…\``],
  });
}

function parseRemote(name: string, written: string): Reference {
  const [address = "", ...rest] = written.split("#");
  const shown = `${prefix(name)}${withoutLogin(address)}`;
  if (!URL.canParse(address)) throw invalid(`\`${shown}\` is no URL`);
  try {
    fileUrl(address, address);
  } catch (error) {
    if (error instanceof UnsafeLink) throw invalid(`\`${shown}\` names ${error.message}`);
    throw error;
  }
  const filename = decode(path.posix.basename(new URL(address).pathname));
  if (!isPlainFilename(filename) || archiveKind(filename) === undefined)
    throw invalid(`\`${shown}\` names neither a wheel nor a source archive`, {
      hints: ["the path has to end in `.whl`, `.tar.gz` or `.zip`"],
    });
  return { text: shown, url: new URL(address).href, filename, ...readFragment(rest.join("#"), shown) };
}

interface Local {
  readonly name: string;
  readonly written: string;
  readonly cwd: string;
  readonly isUrl: boolean;
}

function parseLocal({ name, written, cwd, isUrl }: Local): Reference {
  const [address = "", ...rest] = isUrl ? written.split("#") : [written];
  const shown = `${prefix(name)}${address}`;
  const bare = isUrl ? address.slice("file:".length) : address;
  const isAbsolute = isUrl ? /^\/(?!\/)|^\/\/(?:localhost)?\//i.test(bare) : path.isAbsolute(bare);
  if (!isAbsolute) {
    const wanted = name === "" ? undefined : asVersion(bare);
    if (wanted !== undefined)
      throw invalid(`\`${shown}\` names no file and no URL`, {
        hints: [`ask for a version without \`@\`: \`${name}${wanted}\``],
      });
    const whole = pathToFileURL(path.resolve(cwd, bare.replace(/^\/\//, ""))).href;
    throw invalid(`\`${shown}\` names a relative path, which means another file in every folder`, {
      hints: [`write the whole path: \`${prefix(name)}${whole}\``],
    });
  }
  const file = isUrl ? pathOf(bare, shown) : path.normalize(bare);
  return {
    text: shown,
    url: pathToFileURL(file).href,
    path: file,
    filename: path.basename(file),
    ...readFragment(rest.join("#"), shown),
  };
}

/** `bare`: a file URL behind its scheme. */
function pathOf(bare: string, shown: string): string {
  try {
    return fileURLToPath(`file://${bare.replace(/^\/\/(?:localhost)?(?=\/)/i, "")}`);
  } catch (cause) {
    throw invalid(`\`${shown}\` is no URL of a file`, { cause });
  }
}

/** `subdirectory=…`, `<algorithm>=<digest>` and, of our own, `editable=true`; what else there is, such as pip's `egg=…`, says nothing new. */
function readFragment(fragment: string, shown: string): Pick<Reference, "subdirectory" | "isEditable" | "digest"> {
  let isEditable = false;
  let subdirectory: string | undefined;
  let digest: Reference["digest"];
  for (const part of fragment.split("&")) {
    const [key = "", value = ""] = part.split(/=(.*)/s);
    if (key === "editable") isEditable = value === "true";
    if (key === "subdirectory") subdirectory = checkInside(decode(value), shown);
    const length = DIGESTS[key];
    if (length === undefined) continue;
    const hex = value.toLowerCase();
    if (hex.length !== length || !/^[0-9a-f]+$/.test(hex)) throw invalid(`\`${shown}\` has a \`${key}\` that is none`);
    // Several digests of one file: the strongest that is understood by all counts.
    if (digest?.algorithm !== "sha256") digest = { algorithm: key, hex: parseSha256(hex) ?? hex };
  }
  return {
    ...(subdirectory && { subdirectory }),
    ...(isEditable && { isEditable }),
    ...(digest && { digest }),
  };
}

function checkInside(subdirectory: string, shown: string): string {
  const isInside = !path.isAbsolute(subdirectory) && !subdirectory.split(/[/\\]/).includes("..");
  if (isInside) return path.posix.normalize(subdirectory).replace(/\/$/, "");
  throw invalid(`\`${shown}\` has a subdirectory outside of it: \`${subdirectory}\``);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As others write a version behind `@`, `1.0`, `^1.0` or `latest`: the specifier that says so. */
function asVersion(written: string): string | undefined {
  if (written === "latest") return "";
  const [, sign, version] = /^([~^]|==|>=)?v?(\d+(?:\.\d+)*)$/.exec(written) ?? [];
  if (version === undefined) return undefined;
  return `${sign === undefined || sign === "==" ? "==" : ">="}${version}`;
}

const prefix = (name: string): string => (name === "" ? "" : `${name} @ `);
const withoutLogin = (url: string): string => url.replace(/^([^:/]+:\/\/)[^/@]*@/, "$1");
