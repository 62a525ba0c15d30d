/** Installs the pulumi CLI with Pulumi's own installer into the folder given; fails at once where its server is not reached. */
import { PulumiCommand } from "@pulumi/pulumi/automation";

const INSTALLER = "https://get.pulumi.com/install.sh";
const REACH_MILLISECONDS = 3000;

async function main([root]: string[]): Promise<void> {
  if (root === undefined) throw new Error("give the folder to install into");
  const answer = await fetch(INSTALLER, { method: "HEAD", signal: AbortSignal.timeout(REACH_MILLISECONDS) }).catch(() => undefined);
  if (answer?.ok !== true) throw new Error(`${new URL(INSTALLER).hostname} is not reached`);
  await PulumiCommand.install({ root });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
