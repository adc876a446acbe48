import { Eta } from "eta";
import template from "../../templates/profile/imports.html.eta" with { type: "text" };

/** A page with the flame graph of a program's imports: one file that loads nothing else. `data`: the JSON of the command. */
export function importPage(data: { readonly target: string } & Readonly<Record<string, unknown>>): string {
  const eta = new Eta({ autoEscape: true, autoTrim: false });
  // A closing tag within the data would end the script.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return eta.renderString(template, { target: data.target, json });
}
