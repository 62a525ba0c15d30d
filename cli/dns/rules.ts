import { Command } from "commander";
import wrap from "wrap-ansi";
import { rules } from "../../dns/rules/rules";

/** The command `mailserver dns rules`: what a preview looks for, and why. */
export function rulesCommand(): Command {
  return new Command("rules")
    .description("List the rules of a preview: what each finds, what would happen to mail otherwise, and where that is written")
    .option("--json", "as JSON")
    .action(({ json }: { json?: boolean }) => {
      if (json === true) {
        const plain = rules.map(({ id, severity, summary, reason, source }) => ({ id, severity, summary, reason, source }));
        process.stdout.write(`${JSON.stringify(plain, null, 2)}\n`);
        return;
      }
      const columns = Math.max(40, process.stdout.columns || 80);
      for (const { id, severity, summary, reason, source } of rules) {
        const paragraphs = [summary, reason, source].map((text) => wrap(text, columns - 2).replace(/^/gm, "  "));
        process.stdout.write(`${[`${id} (${severity}s)`, ...paragraphs].join("\n")}\n\n`);
      }
    });
}
