/** The pip whose interface is meant, for what programs read: reports name it. */
export const PIP_LEVEL = "24.2";
