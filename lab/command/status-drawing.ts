import type { HostStatus, LabStatus } from "./lab-status";

export interface Canvas {
  readonly columns: number;
  readonly colour: boolean;
}

/** Below this there is no room for boxes: a list says the same. */
const BOXES_FROM = 60;
const MOST = 80;
const SHOWN = 12;

/** The system as it is: who takes mail at which preference, who holds how much for whom, and what is in the mailboxes. No line is longer than `columns`. */
export function drawing(status: LabStatus, { columns, colour }: Canvas): string {
  const paint: Paint = (text, style) => (colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);
  const exchangers = Object.entries(status.hosts)
    .filter(([, { kind }]) => kind === "exchanger")
    .map(([key, host]) => ({ key, ...host }))
    .sort((one, other) => (one.preference ?? 0) - (other.preference ?? 0));
  const width = Math.max(20, Math.min(columns, MOST));
  const draw = width >= BOXES_FROM ? boxes : list;
  const others = Object.entries(status.hosts).filter(([, { kind }]) => kind === "outside");
  const outside = others.map(([name, host]) => `${name}, everybody else: ${host.fqdn} ${host.ipv4} ${stateOf(host).text}`);
  return [
    clip(status.domains.join(", ") || "no domains yet", width),
    "",
    ...draw(exchangers, status, width, paint),
    ...outside.map((line) => clip(line, width)),
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

type Exchanger = HostStatus & { readonly key: string };
type Paint = (text: string, style: keyof typeof STYLES) => string;

/** SGR codes of ECMA-48. */
const STYLES = { good: "32", warn: "33", bad: "31", soft: "2", name: "1" } as const;

function stateOf({ role, power, smtp, queued = 0 }: HostStatus): { readonly text: string; readonly style: keyof typeof STYLES } {
  if (power === "off") return { text: "off", style: "bad" };
  const messages = `${queued} message${queued === 1 ? "" : "s"}`;
  const queue = queued === 0 ? "" : role === "backup" ? `, holds ${messages}` : `, ${messages} in its queue`;
  if (smtp === "closed") return { text: `on, not serving${queue}`, style: "bad" };
  if (smtp === "busy") return { text: `busy${queue}`, style: "warn" };
  return { text: `${smtp === undefined ? "on" : "serving"}${queue}`, style: queue === "" ? "good" : "warn" };
}

/** One row an account: its address, its password where it is shown, how many messages. */
function mailboxRows({ mailboxes }: LabStatus): [left: string, right: string][] {
  const rows = Object.entries(mailboxes).map(([address, { password, messages }]): [string, string] => [
    password === undefined ? address : `${address}  ${password}`,
    messages === undefined ? "" : String(messages),
  ]);
  return rows.length <= SHOWN ? rows : [...rows.slice(0, SHOWN - 1), [`and ${rows.length - SHOWN + 1} more`, ""]];
}

function boxes(exchangers: readonly Exchanger[], status: LabStatus, width: number, paint: Paint): string[] {
  const left = Math.max(...exchangers.map(({ preference }) => `├─ MX ${preference} ──▶ `.length), 0);
  const hasRail = exchangers.length > 1 && exchangers.some(({ role }) => role === "primary");
  const inner = width - 1 - left - 4 - (hasRail ? 5 : 0);
  /** Left and right text of a line of a box; the left one gives way. */
  const row = (one: string, other: string, style?: keyof typeof STYLES, otherStyle?: keyof typeof STYLES): string => {
    const end = clip(other, inner);
    const start = clip(one, Math.max(0, inner - end.length - 1));
    const gap = " ".repeat(inner - start.length - end.length);
    return `${paint("│", "soft")} ${style === undefined ? start : paint(start, style)}${gap}${otherStyle === undefined ? end : paint(end, otherStyle)} ${paint("│", "soft")}`;
  };
  const lines: { text: string; mx?: number | undefined; role?: string | undefined }[] = [];
  for (const host of exchangers) {
    const { text, style } = stateOf(host);
    lines.push({ text: paint(`┌${"─".repeat(inner + 2)}┐`, "soft") });
    lines.push({ text: row(`${host.key}  ${host.role}`, text, "name", style), mx: host.preference, role: host.role });
    lines.push({ text: row(host.fqdn, host.ipv4, "soft", "soft") });
    if (host.role === "primary") for (const [address, messages] of mailboxRows(status)) lines.push({ text: row(address, messages) });
    lines.push({ text: paint(`└${"─".repeat(inner + 2)}┘`, "soft") });
  }
  const ways = lines.flatMap(({ mx }, index) => (mx === undefined ? [] : [index]));
  const [first = 0, last = 0] = [ways[0], ways.at(-1)];
  const drawn = lines.map(({ text, mx, role }, index) => {
    const way =
      mx === undefined ? (index < last ? "│" : "").padEnd(left) : `${index === last ? "└" : "├"}─ MX ${mx} `.padEnd(left - 3, "─") + "─▶ ";
    const bend = index === first ? "┐" : index === last ? "┘" : "┤";
    const rail = !hasRail
      ? ""
      : mx !== undefined
        ? `${role === "primary" ? " ◀──" : " ───"}${bend}`
        : index > first && index < last
          ? "    │"
          : "";
    return ` ${way}${text}${paint(rail, "soft")}`;
  });
  const handover = hasRail
    ? [`${" ".repeat(left + 1)}${paint(clip(" ───▶ held mail goes home on the peer port", width - left - 1), "soft")}`]
    : [];
  return [
    ...(exchangers.length === 0 ? ["no exchangers yet; make them with: npm run lab -- up"] : [" internet", ...drawn]),
    ...handover,
    "",
  ];
}

function list(exchangers: readonly Exchanger[], status: LabStatus, width: number, paint: Paint): string[] {
  const primary = exchangers.find(({ role }) => role === "primary");
  return exchangers.flatMap((host) => {
    const { text, style } = stateOf(host);
    const row = (line: string): string => `  ${clip(line, width - 2)}`;
    return [
      paint(clip(`MX ${host.preference} ─▶ ${host.key}  ${host.role}`, width), "name"),
      `  ${paint(clip(text, width - 2), style)}`,
      row(host.fqdn),
      row(host.ipv4),
      ...(host.role === "primary" ? mailboxRows(status).map(([address, messages]) => row(`${messages.padStart(4)}  ${address}`)) : []),
      ...(host.role === "backup" && primary !== undefined ? [row(`held mail ─▶ ${primary.key}`)] : []),
      "",
    ];
  });
}

const clip = (text: string, width: number): string => (text.length <= width ? text : width < 1 ? "" : `${text.slice(0, width - 1)}…`);
