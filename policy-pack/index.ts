import { PolicyPack, type PolicyResource, type StackValidationArgs } from "@pulumi/policy";
import { readSettings } from "../dns/review/read-settings";
import type { Finding } from "../dns/review/report";
import { blockingFindings, type StackResource } from "./stack-findings";
import { resourcesOfState } from "./stack-state";

interface Config {
  readonly before?: string;
  readonly acknowledge?: unknown;
  readonly severity?: unknown;
}

/** The DNS review as a policy pack: `pulumi preview` and `pulumi up` fail where `mailserver dns preview` would block. */
new PolicyPack("mail-dns", {
  policies: [
    {
      name: "dns-review",
      description: "No deploy cuts a delivery path, has mail refused, or takes what is somebody else's.",
      enforcementLevel: "mandatory",
      configSchema: {
        properties: {
          before: {
            type: "string",
            description: "A file of `pulumi stack export`, its whole path. Without it nothing is found that lies in the change alone.",
          },
          acknowledge: { type: "array", description: "As `mailserver-review:acknowledge` in a stack file." },
          severity: { type: "array", description: "As `mailserver-review:severity` in a stack file." },
        },
      },
      validateStack(args, report) {
        try {
          for (const { rule, record, message, fix } of found(args)) report(`${rule}, ${record}: ${message} Way out: ${fix}`);
        } catch (error) {
          // It blocks as well: nobody has looked.
          report(`The review could not be made: ${error instanceof Error ? error.message : String(error)}`);
        }
      },
    },
  ],
});

function found(args: StackValidationArgs): Finding[] {
  const { before, acknowledge, severity } = args.getConfig<Config>();
  const settings = readSettings({ acknowledge, severity });
  if (!settings.ok) throw new Error(settings.problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  const resources = args.resources.map(registered);
  return blockingFindings(
    resources,
    before === undefined ? undefined : resourcesOfState(before),
    settings.value,
    new Date().toISOString().slice(0, 10),
  );
}

/** What records are made of. */
const inputs = ["name", "type", "content", "data", "priority", "ttl", "proxied", "comment", "domainName"];

function registered({ type, name, urn, parent, props }: PolicyResource): StackResource {
  return { type, name, urn, parent: parent?.urn ?? "", inputs: Object.fromEntries(inputs.map((input) => [input, known(props, input)])) };
}

/** A value that is known only after the deploy throws when it is looked at (@pulumi/policy, `UnknownValueError`). */
function known(props: PolicyResource["props"], name: string): unknown {
  try {
    return props[name] as unknown;
  } catch {
    return undefined;
  }
}
