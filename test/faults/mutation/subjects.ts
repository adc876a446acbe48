import { forgedLockSubject, lockSubject } from "./lock-subject.ts";
import { metadataSubject, wheelSubject } from "./metadata-subject.ts";
import { htmlPageSubject, jsonPageSubject } from "./page-subject.ts";
import type { Subject } from "./subject.ts";

/** All that reads files of strangers and is put to changed ones. */
export const SUBJECTS: readonly Subject[] = [
  lockSubject,
  forgedLockSubject,
  jsonPageSubject,
  htmlPageSubject,
  metadataSubject,
  wheelSubject,
];
