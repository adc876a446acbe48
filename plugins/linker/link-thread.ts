// Entry point of a thread: links files beside the one that has started it.
import { type Sharing, takeChunks } from "./link-chunks.ts";

declare const self: Worker;

self.addEventListener("message", ({ data }: MessageEvent<Sharing>) => takeChunks(data));
