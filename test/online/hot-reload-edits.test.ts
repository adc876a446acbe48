// 2,000 generated edit sequences, and edits of 2,000 files, on every Python of the machine; they need no index, but minutes.
import "./more-edits.ts";
import "../hot-reload/edit-sequences.test.ts";
import "../hot-reload/edited-files.test.ts";
