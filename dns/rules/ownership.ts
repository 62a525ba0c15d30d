import type { Change } from "../review/change";
import { lookUp } from "../review/scope";
import { addressRecords, exchangersOf } from "./targets";
import type { Comparison, Rule } from "./rule";

const foreign: Rule = {
  id: "foreign-record",
  severity: "block",
  summary: "A record of somebody else's is where one is to be made",
  reason: "The deploy fails there, half way, or two of them say different things to senders.",
  source: "RFC 1034 section 3.6.2 (nothing stands beside an alias), RFC 7208 section 4.5 (one SPF)",
  *check({ collisions, domainOf }) {
    for (const { wanted, existing } of collisions) {
      const whose =
        existing.comment === undefined
          ? "nothing tells whose it is"
          : existing.comment === ""
            ? "it has no comment that tells whose it is"
            : `its comment is ${JSON.stringify(existing.comment)}`;
      yield {
        domain: domainOf(wanted),
        record: `${wanted.name} ${wanted.type}`,
        message: `${existing.name} has a record ${existing.type} already (${existing.content}) that this stack has not made; ${whose}.`,
        fix: "Take it over (mailserver dns adopt), or take it out of the zone.",
      };
    }
  },
};

/** From so many records on, this share of them is a lot. */
const fewest = 10;
const mostDeleted = 0.3;

const massDelete: Rule = {
  id: "mass-delete",
  severity: "block",
  summary: "More than 30 % of ten or more records go, or name servers of a zone",
  reason:
    "That is what a wrong stack or an empty declaration looks like. The records of an exchanger that goes while others take the mail do not count.",
  source: "https://github.com/octodns/octodns (Safety: 30 % of 10 records)",
  *check(comparison) {
    for (const { op, type, name, domain } of comparison.changes) {
      if (op !== "delete" || type !== "NS") continue;
      yield {
        domain,
        record: `${name} NS`,
        message: `A name server of ${name} goes.`,
        fix: "Leave the zone's name servers to whoever hosts it.",
      };
    }
    const deleted = deletedForGood(comparison);
    const count = (op: Change["op"]): number => comparison.changes.filter((change) => change.op === op).length;
    const managed = comparison.after.side.records.length - count("create") + count("delete");
    if (managed < fewest || deleted <= managed * mostDeleted) return;
    yield {
      domain: "",
      record: "* *",
      message: `${deleted} of ${managed} records go.`,
      fix: "Look whether this is the right stack and the whole declaration; if so, acknowledge it.",
    };
  },
};

/** Deleted records but those of exchangers that go from domains whose mail others take, under another name perhaps: other rules look at these. */
function deletedForGood({ before, after, changes, domains }: Comparison): number {
  const served = domains.filter((domain) => exchangersOf(after, domain).length > 0);
  const gone = new Set(
    served
      .flatMap((domain) => exchangersOf(before, domain).map(({ content }) => content))
      .filter((host) => addressRecords(after, host).length === 0),
  );
  const isServed = new Set(served);
  const isOfHost = ({ name, type, before: record }: Change): boolean =>
    lookUp(name, (part) => gone.has(part) || undefined) ?? (type === "MX" ? isServed.has(name) : gone.has(record?.content ?? ""));
  return changes.filter((change) => change.op === "delete" && !isOfHost(change)).length;
}

export const ownershipRules: readonly Rule[] = [foreign, massDelete];
