// Made by the build: see maplibre/index.ts.
declare module "virtual:maplibre-worker" {
  const address: string;
  export default address;
}
