/** The public index, where nothing else is configured. No other file names it. */
export const DEFAULT_INDEX = Object.freeze({ name: "pypi", url: "https://pypi.org/simple/" });
