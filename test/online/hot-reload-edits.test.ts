// 2,000 generated edit sequences on every Python of the machine; they need no index, but minutes.
import "./more-edits.ts";
import "../hot-reload/edit-sequences.test.ts";
