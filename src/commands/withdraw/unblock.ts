export { runUnblock as run } from "./block.ts";
