/** Marks the URL of a member's folder: what lies there is a project of the workspace, not a foreign source tree. */
export const MEMBER = "#member";

/** Whether a requirement's URL leads to a member of the workspace. */
export const isMemberUrl = (url: string): boolean => url.endsWith(MEMBER);
