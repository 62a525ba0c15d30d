import type { Command } from "commander";
import { findLab, type Lab, labNames } from "../lab";

/** The lab that the command line names; an error where it is not there. */
export function namedLab(program: Command): Lab {
  const { lab } = program.opts<{ lab: string }>();
  const found = findLab(lab);
  if (found !== undefined) return found;
  const others = labNames();
  throw new Error(
    `no lab "${lab}" on this machine; make it with: npm run lab -- up${others.length === 0 ? "" : ` (there are: ${others.join(", ")})`}`,
  );
}
