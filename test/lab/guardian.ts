/** A process of its own that ends a lab when the test that uses it has ended, however it ended: its standard input is closed then. */
import { endLab } from "../../lab/command/down";
import { claimLab } from "../../lab/lab";

const [name = ""] = process.argv.slice(2);
process.stdin.resume();
process.stdin.on("close", () => {
  endLab(claimLab(name)).catch((error: unknown) => {
    process.stderr.write(`the lab ${name} could not be ended: ${String(error)}\n`);
    process.exitCode = 1;
  });
});
