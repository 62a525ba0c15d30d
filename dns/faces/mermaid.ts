import type { DomainReport, Hop } from "../review/report";
import { visible } from "./visible";
import { leadsTo } from "./wording";

/** The delivery paths of domains, before and after, as a Mermaid flowchart. Domains whose path stays are drawn once. */
export function deliveryDiagram(domains: readonly Pick<DomainReport, "domain" | "path">[]): string {
  const drawn = domains.flatMap(({ domain, path: { before, after } }, index) => {
    const id = `d${index}`;
    if (JSON.stringify(before) === JSON.stringify(after)) return pathOf(id, domain, after);
    // Tied by a line that is not drawn, which puts them side by side.
    const both = [...pathOf(`${id}before`, `${domain}, before`, before), ...pathOf(`${id}after`, `${domain}, after`, after)];
    return [...both, `  ${id}before ~~~ ${id}after`];
  });
  return ["flowchart LR", ...drawn, ""].join("\n");
}

function pathOf(id: string, title: string, hops: readonly Hop[]): string[] {
  const ordered = [...hops].sort((a, b) => a.preference - b.preference);
  const arrows =
    ordered.length === 0
      ? [`${id}from((${label("senders")})) -.-> ${id}none[${label("nobody")}]`]
      : ordered.map((hop, index) => {
          const { preference, host } = hop;
          const where = host === "." ? "nobody (null MX)" : [host, ...leadsTo(hop)].join("\n");
          return `${id}from((${label("senders")})) -- ${label(`MX ${preference}`)} --> ${id}to${index}[${label(where)}]`;
        });
  return [`  subgraph ${id}[${label(title)}]`, ...arrows.map((arrow) => `    ${arrow}`), "  end"];
}

/** A quoted text. Mermaid has no escapes in one but character entities, written with # for &; without them some characters would be read as HTML or Markdown. */
function label(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => visible(line).replace(/[^\p{L}\p{N} .:,()-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`));
  return `"${lines.join("<br/>")}"`;
}
