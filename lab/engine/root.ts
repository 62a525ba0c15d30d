import { resolve } from "node:path";

/** The repository: the product's program, and the lab beside it. */
export const projectRoot = resolve(__dirname, "../..");
