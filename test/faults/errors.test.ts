import { checkRows } from "./row.ts";
import { ERROR_ROWS } from "./rows/errors.ts";

checkRows(ERROR_ROWS);
