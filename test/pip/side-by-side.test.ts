import { isQuick, replay } from "./side-by-side.ts";

// The others are replayed with `npm run test:online`: pip takes half a second for most.
replay(isQuick);
