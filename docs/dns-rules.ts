/** Writes docs/dns-rules.md from the rules: `node --import tsx docs/dns-rules.ts`. A test says when it is out of date. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../dns/rules/rules";
import type { Rule } from "../dns/rules/rule";

const introduction = `# Rules of the DNS review

What \`mailserver dns preview\` looks for. Written from the rules by \`docs/dns-rules.ts\`; \`mailserver dns rules\` prints the same.

A rule looks at the records before the deploy and after it, at what zones hold besides where one was read, and at the plans where they are known. One that **blocks**
ends the preview with status 3. One that **warns** is told of in domains that the change touches, and stops nothing.

## To take a danger on

In the stack file, under a namespace that the program does not read, so that the pull request which brings the danger says why it is none:

\`\`\`yaml
config:
  mailserver-review:acknowledge:
    - { rule: mx-last-removed, record: club.example MX, reason: the club has closed, until: "2026-12-31" }
\`\`\`

\`rule\` and \`record\` are those of the finding, letter by letter. \`until\` is the last day (UTC); from the next day on the finding blocks again and says so. An acknowledgement that matches no
finding is told of (\`acknowledgement-unused\`): it is misspelt, or done with. For once, on the command line: \`--allow 'mx-last-removed=club.example MX'\`.

## To weigh a rule otherwise

\`\`\`yaml
config:
  mailserver-review:severity:
    - { rule: dmarc-none, domain: example.org, severity: block, reason: reports have been read for a year }
\`\`\`

For this domain the rule blocks, or warns, whatever it does elsewhere. \`domain\` is the one that the finding stands under.

## What is compared

- A record is the same one while its name, its type and what it is for are: the MX of one host, the SPF among other TXT, the DKIM key of a selector, a CAA by its tag. So an SPF that
  changes is one change, by its terms.
- What is not known before the deploy stands there by its name («address of mx2»). Where what it is compared with knows it, it is filled in; an exchanger keeps its address under another
  name or key, and gets another one in another region.
- Of a zone, only what is at a place of the mail system counts. A record of somebody else's is never shown as deleted. What an older plan or Pulumi's state has is ours; without one, a comment at
  Cloudflare tells, and where there are none, a record at the place of one that is wanted is taken for ours.
- The checksum is that of the changes, also those by hand; what is unknown counts as its name, so that it is the same when the address is known meanwhile.
`;

const row = ({ id, severity, summary, reason, source }: Rule): string =>
  `| \`${id}\` | ${severity}s | ${[summary, reason, source].map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;

export const rulesPage = (): string =>
  `${[introduction, "## Every rule\n", "<!-- prettier-ignore-start -->", "| rule | | finds | what happens to mail otherwise | source |", "| --- | --- | --- | --- | --- |", ...rules.map(row), "<!-- prettier-ignore-end -->"].join("\n")}\n`;

if (require.main === module) writeFileSync(join(__dirname, "dns-rules.md"), rulesPage());
