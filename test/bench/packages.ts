import fs from "node:fs";
import path from "node:path";

/** `name==version` of every distribution in the environments below a folder. */
export function packagesBelow(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .flatMap((name) => sitePackages(path.join(folder, name)))
    .flatMap((site) => fs.readdirSync(site))
    .flatMap((name) => {
      const [, project, version] = /^(.+)-([^-]+)\.dist-info$/.exec(name) ?? [];
      return project === undefined ? [] : [`${project.replace(/[-_.]+/g, "-").toLowerCase()}==${version}`];
    })
    .sort();
}

function sitePackages(root: string): string[] {
  const folders = [path.join(root, "Lib", "site-packages")];
  const lib = path.join(root, "lib");
  if (fs.existsSync(lib)) folders.push(...fs.readdirSync(lib).map((name) => path.join(lib, name, "site-packages")));
  return folders.filter((folder) => fs.existsSync(folder));
}

/** What only one of two folders has, `-` before what is missing in the first; both empty counts as a difference. */
export function differingPackages(ours: string, theirs: string): readonly string[] {
  const [mine, others] = [packagesBelow(ours), packagesBelow(theirs)];
  if (others.length === 0) return ["the peer installed nothing"];
  return [
    ...mine.filter((each) => !others.includes(each)).map((each) => `+${each}`),
    ...others.filter((each) => !mine.includes(each)).map((each) => `-${each}`),
  ];
}
