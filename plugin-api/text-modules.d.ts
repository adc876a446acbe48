/** Python that PyBun runs is embedded as text: `import source from "./x.py" with { type: "text" }`. */
declare module "*.py" {
  const source: string;
  export default source;
}
