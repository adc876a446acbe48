import { isQuick, replay } from "../pip/side-by-side.ts";

replay((number) => !isQuick(number));
