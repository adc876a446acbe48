/** Activation scripts are embedded as text: `import sh from "./activate.sh" with { type: "text" }`. */
declare module "*.sh" {
  const source: string;
  export default source;
}
declare module "*.fish" {
  const source: string;
  export default source;
}
declare module "*.csh" {
  const source: string;
  export default source;
}
declare module "*.ps1" {
  const source: string;
  export default source;
}
declare module "*.nu" {
  const source: string;
  export default source;
}
declare module "*.bat" {
  const source: string;
  export default source;
}
