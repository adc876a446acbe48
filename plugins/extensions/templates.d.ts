declare module "*.eta" {
  const source: string;
  export default source;
}
