// Entry point of a thread: links files beside the one that has started it.
import { type Sharing, takeChunks } from "./link-chunks.ts";

declare const self: { onmessage: (event: MessageEvent<Sharing>) => void };

self.onmessage = ({ data }) => takeChunks(data);
