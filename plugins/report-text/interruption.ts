import type { Phase, Progress } from "../../plugin-api/progress-model.ts";

const DOING: Readonly<Record<Phase, string>> = {
  resolve: "resolving",
  download: "downloading",
  build: "building",
  install: "installing",
  wait: "waiting",
};

/** What was under way when a signal came, and what that means for the user's files: ` while downloading, 10 of 17 …`. */
export function interruption(model: Progress): string {
  const { phase } = model;
  const track = phase && model[phase];
  if (phase === undefined || track === undefined) return "";
  const count = track.total === undefined || phase === "install" ? "" : `, ${track.done} of ${track.total} done`;
  const kept = phase === "download" && count !== "" ? " and kept" : "";
  return ` while ${DOING[phase]}${count}${kept}${phase === "install" ? "" : "; nothing was changed"}`;
}
