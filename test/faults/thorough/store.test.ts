import { checkRows } from "../row.ts";
import { STORE_ROWS } from "../rows/store.ts";

checkRows(STORE_ROWS);
