import { checkRows } from "./row.ts";
import { KILL_ROWS } from "./rows/kill.ts";

checkRows(KILL_ROWS);
