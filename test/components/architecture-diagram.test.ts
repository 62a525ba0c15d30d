/** The diagram of the order of resources in docs/architecture.md says what the components do: no arrow more, none less. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MailServer } from "../../components";
import { twoExchangers } from "../examples/two-exchangers";
import { type Recording, recording } from "./recorded";

/** Resources by their name in the diagram; every other node is the primary's resource of that name. */
const SPECIAL: { readonly [node: string]: string } = {
  rules: "mail-mx1-in-25",
  mx: "mail-example.test-mx-mx1",
  others: "mail-mx2-keys",
  previous: "mail-mx2-ready",
};

const resourceOf = (node: string): string => SPECIAL[node] ?? `mail-mx1-${node}`;

/** Pairs of nodes with an arrow between them, as `from --> to`. */
function drawnArrows(): string[] {
  const text = readFileSync(join(__dirname, "../../docs/architecture.md"), "utf8");
  const [, diagram] = /## The order of things[^]*?```mermaid\nflowchart LR\n([^]*?)```/.exec(text) ?? [];
  assert.ok(diagram !== undefined, "the diagram is there");
  return diagram
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => {
      const nodes = line.split("-->").map((node) => node.trim().replace(/\[.*\]$/, ""));
      return nodes.slice(1).map((node, index) => `${nodes[index]} --> ${node}`);
    })
    .sort();
}

/** What has to be made before a resource, all the way back. */
function before(recorded: Recording, name: string, found = new Set<string>()): Set<string> {
  for (const dependency of recorded.dependencies.get(name) ?? []) {
    if (found.has(dependency)) continue;
    found.add(dependency);
    before(recorded, dependency, found);
  }
  return found;
}

test("its arrows are the dependencies of the primary's resources, without those that follow from others", async () => {
  const drawn = drawnArrows();
  const nodes = [...new Set(drawn.flatMap((arrow) => arrow.split(" --> ")))];
  const recorded = await recording((transforms) => void new MailServer("mail", twoExchangers, transforms));
  const earlier = new Map(
    nodes.map((node) => {
      assert.ok(recorded.dependencies.has(resourceOf(node)), `${node}: ${resourceOf(node)} is registered`);
      // What another exchanger's resources wait for is not drawn.
      const names = resourceOf(node).startsWith("mail-mx2-") ? new Set() : before(recorded, resourceOf(node));
      return [node, nodes.filter((other) => names.has(resourceOf(other)))];
    }),
  );
  const arrows = nodes.flatMap((node) => {
    const direct = earlier.get(node) ?? [];
    const implied = new Set(direct.flatMap((other) => earlier.get(other) ?? []));
    return direct.filter((other) => !implied.has(other)).map((other) => `${other} --> ${node}`);
  });
  assert.deepEqual(drawn, arrows.sort());
});

test("every resource that an exchanger has once is in it", async () => {
  const recorded = await recording((transforms) => void new MailServer("mail", twoExchangers, transforms));
  const nodes = new Set(drawnArrows().flatMap((arrow) => arrow.split(" --> ").map(resourceOf)));
  // The firewall is drawn as its rules, and HELO's SPF in one node with the address record.
  const elsewhere = ["mail-mx1-firewall", "mail-mx1-out", "mail-mx1-spf"];
  const mine = recorded.resources.map(({ name }) => name).filter((name) => /^mail-mx1-(?!in-)/.test(name) && !elsewhere.includes(name));
  assert.deepEqual(
    mine.filter((name) => !nodes.has(name)),
    [],
  );
});
