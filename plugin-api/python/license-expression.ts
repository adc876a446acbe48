import { InvalidSyntax } from "../error.ts";
import { exceptionIdentifiers, licenseIdentifiers } from "./spdx-identifiers.ts";
import { wordsOf } from "./white-space.ts";

const REFERENCE = /^licenseref-([a-z0-9.-]+)$/i;

/** The canonical spelling of an SPDX licence expression, as core metadata wants it (PEP 639). Throws InvalidSyntax. */
export function parseLicenseExpression(text: string): string {
  const tokens = wordsOf(text.replace(/[()]/g, " $& "));
  const written: string[] = [];
  const fail = (why: string): never => {
    throw new InvalidSyntax(`\`${text}\` is not a valid licence expression: ${why}`);
  };
  let depth = 0;
  let canFollow = false;
  let afterLicense = false;
  for (let i = 0; i < tokens.length; i++) {
    const word = tokens[i]!.toLowerCase();
    const isJoin = word === "and" || word === "or";
    if (isJoin || word === ")" || word === "with" ? !canFollow : canFollow) fail(`unexpected \`${tokens[i] ?? ""}\``);
    if (isJoin) written.push(word.toUpperCase());
    else if (word === "with") {
      if (!afterLicense) fail("`WITH` follows something other than a licence");
      const id = exceptionIdentifiers.get((tokens[++i] ?? "").toLowerCase()) ?? fail("unknown exception after `WITH`");
      written.push("WITH", id);
    } else if (word === "(" || word === ")") {
      depth += word === "(" ? 1 : -1;
      if (depth < 0) fail("unexpected `)`");
      written.push(word);
    } else written.push(canonicalLicense(tokens[i]!) ?? fail(`\`${tokens[i]}\` is not an SPDX licence`));
    afterLicense = !isJoin && word !== "(" && word !== ")" && word !== "with";
    canFollow = !isJoin && word !== "(";
  }
  if (!canFollow || depth > 0) fail("it ends too early");
  return written.join(" ").replaceAll("( ", "(").replaceAll(" )", ")");
}

function canonicalLicense(token: string): string | undefined {
  const reference = REFERENCE.exec(token);
  if (reference !== null) return `LicenseRef-${reference[1]}`;
  const isLater = token.endsWith("+");
  const id = licenseIdentifiers.get((isLater ? token.slice(0, -1) : token).toLowerCase());
  return id === undefined ? undefined : id + (isLater ? "+" : "");
}
