import { checkRows } from "../row.ts";
import { PROCESS_ROWS } from "../rows/processes.ts";

checkRows(PROCESS_ROWS);
