import assert from "node:assert/strict";
import { limitProblems, quotaNotes } from "../../components/limits";
import { renderUserData } from "../../cloud-init/bootstrap/user-data";
import { hostBundle, servingBundle } from "../../cloud-init/host/bundle";
import type { HostFacts, Peer } from "../../cloud-init/types";
import { present } from "../../dns/presentation";
import { planRecords } from "../../dns/records";
import { parse } from "../../plan/parse";
import type { Exchanger, MailPlan, Problem } from "../../plan/types";

/** What became of a declaration. */
export interface Verdict {
  /** Nothing was wrong with it, and everything could be rendered. */
  readonly plan?: MailPlan;
  readonly problems: readonly Problem[];
  /** Processor time until `parse` answered: a busy machine does not change it. */
  readonly milliseconds: number;
}

/** The longest message that is still read, the values shown in it included. */
const longest = 500;

/**
 * Parses a declaration, whatever it is. Fails where `parse` throws, where a problem does not say where it is, what is wrong and what to do, or where a plan
 * cannot be rendered.
 *
 * @param renders whether a plan is rendered, which takes a hundred times as long
 */
export function verdictOn(declaration: unknown, renders = true): Verdict {
  const start = process.cpuUsage();
  const parsed = parse(declaration);
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  if (!parsed.ok) {
    assert.ok(parsed.problems.length > 0, "refused without a reason");
    parsed.problems.forEach((problem) => assertForm(problem));
    return { problems: parsed.problems, milliseconds };
  }
  const plan = parsed.value;
  if (renders) {
    const beyond = limitProblems(plan);
    beyond.forEach((problem) => assertForm(problem));
    if (beyond.length > 0) return { problems: beyond, milliseconds };
    quotaNotes(plan);
    for (const exchanger of oneOfEachRole(plan)) {
      const { userData, bundle } = filesOf(plan, exchanger);
      assert.ok(userData.length <= 16_384);
      for (const { path, content } of (JSON.parse(bundle) as { files: { path: string; content: string }[] }).files) {
        // eslint-disable-next-line no-control-regex -- control characters are what must not be in it
        assert.doesNotMatch(content, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|\{\{|\bundefined\b|NaN|\[object/, path);
        // eslint-disable-next-line no-control-regex -- "is it ASCII" is the question
        if (path.startsWith("etc/")) assert.match(content, /^[\x00-\x7f]*$/, `${path} is ASCII`);
      }
    }
  }
  const facts = new Map(
    plan.exchangers.flatMap(
      ({ key }) =>
        [
          [`address of ${key}`, "198.51.100.1"],
          [`TLS key of ${key}`, "ab".repeat(32)],
        ] as const,
    ),
  );
  for (const record of planRecords(plan)) {
    const { name, content } = present(record, facts);
    assert.match(name, /^[a-z0-9._-]{1,253}$/);
    assert.match(content.replace(/«DKIM key of [^»]*»/, ""), /^[\x20-\x7e]+$/);
  }
  return { plan, problems: [], milliseconds };
}

/** Backups differ in their names and addresses only. */
export const oneOfEachRole = ({ exchangers }: MailPlan): Exchanger[] =>
  (["primary", "backup"] as const).flatMap((role) => exchangers.filter((exchanger) => exchanger.role === role).slice(0, 1));

/** Everything that a machine of the plan gets, as if addresses and keys were known. */
export function filesOf(plan: MailPlan, exchanger: Exchanger): { readonly userData: Buffer; readonly bundle: string } {
  const peers = plan.exchangers
    .filter(({ key }) => key !== exchanger.key)
    .map(({ key, role, fqdn }, index): Peer => ({
      key,
      role,
      fqdn,
      address: `198.51.100.${(index % 250) + 2}`,
      fingerprint: Array<string>(32).fill(index.toString(16).padStart(2, "0").slice(-2).toUpperCase()).join(":"),
    }));
  const facts: HostFacts = { address: "198.51.100.1", peers };
  const bundle = hostBundle(plan, exchanger, { ...facts, peers: [] });
  return {
    userData: renderUserData({ plan, exchanger, volumeId: "vol-0123456789abcdef0", bundle }),
    bundle: servingBundle(plan, exchanger, facts, {}).text,
  };
}

/** One line that a person can act on, of a place that a person finds. */
export function assertForm({ path, message }: Problem, most = longest): void {
  const whole = `${path}: ${message}`;
  assert.match(path, /^(?:[A-Za-z_][\w-]*|\["(?:[^"\\]|\\.|…)*(?:"|…)\]|\[\d+\]|\.(?=[A-Za-z_]))*$/u, whole);
  assert.match(message, /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+[.?]$/u, whole);
  assert.ok(message.length <= most, `${message.length} characters: ${whole}`);
  // Values are in quotes; what is left are our own words.
  const words = message.replace(/"(?:[^"\\]|\\.)*(?:"|…)/gu, "");
  assert.doesNotMatch(words, /\bundefined\b|\[object|\bNaN\b|TypeError|\.ts\b|\bregex|\bproperty of\b/, whole);
  // A wrong value and nothing else helps nobody: there is a second half, a question or an instruction.
  assert.match(message, /[;:?,]|\. \w/, whole);
}
