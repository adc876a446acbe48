import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----";
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;

/** A file or folder of certificates and who names it. */
export interface CertificateSource {
  readonly path: string;
  readonly from: string;
}

/** Where the authorities to trust are named: the setting, else `SSL_CERT_FILE` and `SSL_CERT_DIR`, else as pip looks. */
export function certificateSources(
  env: Readonly<Record<string, string | undefined>>,
  setting: CertificateSource | undefined,
): readonly CertificateSource[] {
  if (setting) return [setting];
  const named = (name: string): CertificateSource[] => (env[name] ? [{ path: env[name], from: name }] : []);
  const file = named("SSL_CERT_FILE");
  // A folder beside a file holds the same again, one certificate each: reading hundreds of files for that is a waste.
  if (file.length > 0) return file;
  const others = ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
  return others.map(named).find((found) => found.length > 0) ?? [];
}

/** The PEM texts of a source. Throws `E_CERTIFICATE` when it holds no certificate: to trust nobody is never what is meant. */
export function readAuthorities(source: CertificateSource): readonly string[] {
  const texts = filesOf(source)
    .map((file) => read(file, source))
    .filter((text) => text.includes(CERTIFICATE));
  if (texts.length === 0) throw unusable(source, "holds no certificate");
  return texts;
}

/** A client's certificate with its key, from one file or, as `cert.pem` beside `cert.key`, from two. */
export function readClientCertificate(source: CertificateSource): { readonly cert: string; readonly key: string } {
  const cert = read(source.path, source);
  if (!cert.includes(CERTIFICATE)) throw unusable(source, "holds no certificate");
  if (PRIVATE_KEY.test(cert)) return { cert, key: cert };
  const beside = source.path.replace(/\.\w+$/, ".key");
  const key = beside !== source.path && fs.existsSync(beside) ? read(beside, source) : "";
  if (!PRIVATE_KEY.test(key)) throw unusable(source, "holds a certificate without its key");
  return { cert, key };
}

function filesOf(source: CertificateSource): readonly string[] {
  // A folder in the form of OpenSSL has each certificate twice: by name, and by a link that bears its hash.
  const names = isFolder(source) ? fs.readdirSync(source.path) : undefined;
  const hashed = names?.filter((name) => /^[0-9a-f]{8}\.\d+$/.test(name));
  return (hashed?.length ? hashed : names)?.map((name) => path.join(source.path, name)) ?? [source.path];
}

function isFolder(source: CertificateSource): boolean {
  const stat = fs.statSync(source.path, { throwIfNoEntry: false });
  if (!stat) throw unusable(source, "does not exist");
  return stat.isDirectory();
}

function read(file: string, source: CertificateSource): string {
  try {
    return fs.readFileSync(file, "latin1");
  } catch (cause) {
    if (file !== source.path) return "";
    throw unusable(source, "can't be read", cause);
  }
}

const unusable = ({ path, from }: CertificateSource, fault: string, cause?: unknown): PybunError =>
  new PybunError("E_CERTIFICATE", `${path}, named by ${from}, ${fault}`, { file: path, ...(cause ? { cause } : {}) });
