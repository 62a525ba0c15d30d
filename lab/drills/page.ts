import { type Document, type Event, LANES, type Lane, type Sample, type Span, type Timeline } from "./timeline";

export interface PageContent {
  readonly name: string;
  readonly description: string;
  readonly unmet: readonly string[];
  readonly timeline: Timeline;
  readonly documents: readonly Document[];
  /** The figures, for people. */
  readonly rows: readonly (readonly [label: string, value: string])[];
}

/** A drill as one HTML file that needs nothing else: what was accepted, held and delivered over time, who did what when, and the figures. */
export function drillPage({ name, description, unmet, timeline, documents, rows }: PageContent): string {
  const met = unmet.length === 0;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drill ${escaped(name)}</title>
<style>${STYLE}</style>
<main>
<header>
<h1>Drill <em>${escaped(name)}</em></h1>
<p>${escaped(description)}</p>
<p class="verdict ${met ? "met" : "unmet"}">${met ? "Everything as expected" : `Not as expected: ${unmet.length}`}</p>
<p class="when">${timeline.began.toISOString().slice(0, 19).replace("T", " ")} UTC, ${seconds(timeline.lasted)}</p>
</header>
${met ? "" : `<ul class="failures">${unmet.map((text) => `<li>${escaped(text)}</li>`).join("")}</ul>\n`}<section aria-label="Mails over time, and who did what">
${chart(timeline)}
${lanes(timeline)}
</section>
<div class="columns">
<section>
<h2>What happened</h2>
<ol class="events">
${timeline.events.map(eventRow).join("\n")}
</ol>
</section>
<section>
<h2>Figures</h2>
<table>
${rows.map(([label, value]) => `<tr><th scope="row">${escaped(label)}</th><td>${escaped(value)}</td></tr>`).join("\n")}
</table>
</section>
</div>
${documents.map((document) => `<section class="document">\n<h2>${escaped(document.name)}</h2>\n<pre>${escaped(document.text)}</pre>\n</section>\n`).join("")}</main>
</html>
`;
}

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Per cent of the drill, for styles and drawings. */
const share = (at: number, { lasted }: Timeline): string => ((100 * Math.min(at, lasted)) / Math.max(1, lasted)).toFixed(2);

const SERIES = ["accepted", "held", "delivered"] as const;

/** Three lines in steps: a count is what it was until it was seen to be another. */
function chart(timeline: Timeline): string {
  const { samples, lasted } = timeline;
  const most = Math.max(1, ...samples.flatMap((sample) => SERIES.map((series) => sample[series])));
  const top = Math.ceil(most / step(most)) * step(most);
  const y = (count: number): string => (100 - (100 * count) / top).toFixed(2);
  const line = (series: keyof Omit<Sample, "at">): string => {
    const points = samples.map(
      (sample, index) => `${index === 0 ? "M" : "H"}${share(sample.at, timeline)}${index === 0 ? " " : "V"}${y(sample[series])}`,
    );
    return `${points.join("")}H100`.replace(/^M[^ ]* /, "M0 ");
  };
  const ticks = Array.from({ length: top / step(most) + 1 }, (_, index) => index * step(most));
  const last = samples.at(-1);
  return `<div class="chart">
<p class="legend">${SERIES.map((series) => `<span class="${series}">${series} <b>${series === "held" ? `${Math.max(0, ...samples.map(({ held }) => held))} at most` : (last?.[series] ?? 0)}</b></span>`).join(" ")}</p>
<div class="plot">
${ticks.map((count) => `<i class="grid" style="top:${y(count)}%"><span>${count}</span></i>`).join("")}
<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="accepted, held and delivered mails over ${seconds(lasted)}">
${samples.length === 0 ? "" : `<path class="held area" d="${line("held")}V100H0Z"/>`}
${samples.length === 0 ? "" : SERIES.map((series) => `<path class="${series}" d="${line(series)}"/>`).join("")}
</svg>
</div>
${axis(timeline)}
</div>`;
}

function axis(timeline: Timeline): string {
  const every = step(timeline.lasted / 1000);
  const marks = Array.from({ length: Math.floor(timeline.lasted / 1000 / every) + 1 }, (_, index) => index * every);
  return `<div class="axis" aria-hidden="true">${marks.map((mark) => `<span style="left:${share(mark * 1000, timeline)}%">${mark} s</span>`).join("")}</div>`;
}

/** A round step that makes at most six of a range. */
function step(range: number): number {
  for (let power = 1; ; power *= 10) for (const digit of [1, 2, 5]) if (range / (digit * power) <= 6) return digit * power;
}

function lanes(timeline: Timeline): string {
  const used = LANES.filter((lane) => [...timeline.events, ...timeline.spans].some((it) => it.lane === lane));
  return `<div class="lanes">
${used.map((lane) => laneRow(lane, timeline)).join("\n")}
</div>`;
}

function laneRow(lane: Lane, timeline: Timeline): string {
  const bar = ({ from, to, tone, text }: Span): string =>
    `<i class="bar ${tone}" style="left:${share(from, timeline)}%;width:${share(to - from, timeline)}%" title="${escaped(`${text}: ${seconds(from)} to ${seconds(to)}`)}"><span>${escaped(text)}</span></i>`;
  const dot = ({ at, text, unmet }: Event, id: number): string =>
    `<a class="dot${unmet ? " unmet" : ""}" href="#e${id}" style="left:${share(at, timeline)}%" title="${escaped(`${seconds(at)}  ${text}`)}"></a>`;
  const bars = timeline.spans.filter((span) => span.lane === lane).map(bar);
  const dots = timeline.events.flatMap((event, id) => (event.lane === lane ? [dot(event, id)] : []));
  return `<div class="lane ${lane}"><b>${lane}</b><div class="track">${bars.join("")}${dots.join("")}</div></div>`;
}

const eventRow = ({ at, lane, text, unmet }: Event, id: number): string =>
  `<li id="e${id}" class="${lane}${unmet ? " unmet" : ""}"><time>${seconds(at)}</time><b>${lane}</b><span>${escaped(text)}</span></li>`;

const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1d1f23; --soft: #6a6e76; --rule: #dedbd3; --card: #fff;
  --accepted: #2f6fb2; --held: #c77b0a; --delivered: #2c8a57; --bad: #b3362d; --badsoft: #f6dcd8; --goodsoft: #d9ecdf;
  --sender: #2f6fb2; --primary: #6b4fa0; --backup: #c77b0a; --person: #2c8a57; --operator: #6a6e76; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e8e6e1; --soft: #9a9ea7; --rule: #34373d; --card: #1d2025;
  --accepted: #78b0ea; --held: #eab04e; --delivered: #6fca96; --bad: #f08a80; --badsoft: #4a2522; --goodsoft: #1f3a2b;
  --sender: #78b0ea; --primary: #b39ddb; --backup: #eab04e; --person: #6fca96; --operator: #9a9ea7; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: clamp(16px, 4vw, 48px); }
header { display: grid; grid-template-columns: 1fr auto; gap: 4px 24px; align-items: baseline; margin-bottom: 28px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0; font-weight: 600; }
h1 em { font-style: normal; color: var(--soft); font-weight: 400; }
h2 { font-size: 17px; margin: 0 0 12px; font-weight: 600; }
header p { margin: 0; max-width: 62ch; }
.verdict { grid-column: 2; grid-row: 1; font-weight: 600; }
.verdict.met { color: var(--delivered); }
.verdict.unmet, .failures { color: var(--bad); }
.when { color: var(--soft); grid-column: 2; text-align: right; white-space: nowrap; }
.failures { margin: 0 0 24px; padding-left: 20px; overflow-wrap: anywhere; }
.legend { margin: 0 0 10px 96px; display: flex; flex-wrap: wrap; gap: 2px 22px; }
.legend span::before { content: ""; display: inline-block; width: 14px; height: 3px; margin-right: 7px; vertical-align: middle; background: var(--accepted); }
.legend .held::before { background: var(--held); } .legend .delivered::before { background: var(--delivered); }
.legend b { font-variant-numeric: tabular-nums; font-weight: 600; }
.plot { position: relative; height: clamp(130px, 20vw, 220px); margin-left: 96px; }
.plot svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.plot path { fill: none; stroke-width: 2.25px; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
path.accepted { stroke: var(--accepted); } path.held { stroke: var(--held); } path.delivered { stroke: var(--delivered); }
.plot path.area { fill: var(--held); opacity: .16; stroke: none; }
.grid { position: absolute; left: 0; right: 0; border-top: 1px solid var(--rule); }
.grid span { position: absolute; right: 100%; top: -.75em; padding-right: 10px; font: 13px/1.5 system-ui; color: var(--soft); font-variant-numeric: tabular-nums; }
.axis { position: relative; height: 26px; margin-left: 96px; font-size: 13px; color: var(--soft); }
.axis span { position: absolute; top: 4px; transform: translateX(-50%); white-space: nowrap; font-variant-numeric: tabular-nums; }
.axis span:first-child { transform: none; }
.lane { display: flex; align-items: center; border-top: 1px solid var(--rule); height: 52px; }
.lane:last-child { border-bottom: 1px solid var(--rule); }
.lane > b { width: 96px; flex: none; font-weight: 600; font-size: 15px; }
.track { position: relative; flex: 1; height: 100%; min-width: 0; overflow-x: clip; overflow-clip-margin: 10px; }
.bar { position: absolute; top: 6px; height: 24px; min-width: 3px; border-radius: 4px; font-style: normal; font-size: 13px; line-height: 24px; }
.bar span { padding: 0 8px; white-space: nowrap; }
.bar.bad { background: var(--badsoft); color: var(--bad); } .bar.good { background: var(--goodsoft); color: var(--person); }
.dot { position: absolute; bottom: 5px; width: 10px; height: 10px; margin-left: -5px; border-radius: 50%; color: inherit; background: currentColor; box-shadow: 0 0 0 2px var(--paper); }
.dot:hover, .dot:focus-visible { transform: scale(1.6); outline: none; z-index: 1; }
.lane.sender, .events .sender b { color: var(--sender); } .lane.primary, .events .primary b { color: var(--primary); }
.lane.backup, .events .backup b { color: var(--backup); } .lane.person, .events .person b { color: var(--person); }
.lane.operator, .events .operator b { color: var(--operator); }
.dot.unmet { background: var(--bad); border-radius: 2px; }
.columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 40px; margin-top: 36px; align-items: start; }
.events { list-style: none; margin: 0; padding: 0; }
.events li { display: grid; grid-template-columns: 64px 74px minmax(0, 1fr); gap: 0 10px; padding: 7px 0; border-top: 1px solid var(--rule); scroll-margin: 16px; }
.events li:target { background: var(--card); box-shadow: 0 0 0 6px var(--card); }
.events time { color: var(--soft); text-align: right; font-variant-numeric: tabular-nums; }
.events b { font-weight: 600; }
.events span, td { overflow-wrap: anywhere; }
.events .unmet span { color: var(--bad); font-weight: 600; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 7px 0; border-top: 1px solid var(--rule); text-align: left; vertical-align: top; }
th { font-weight: 400; color: var(--soft); padding-right: 16px; }
td { width: 42%; font-variant-numeric: tabular-nums; }
.document { margin-top: 36px; }
.document pre { margin: 0; padding: 12px 0; border-top: 1px solid var(--rule); font: 14px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 760px) {
  header { grid-template-columns: 1fr; } .verdict, .when { grid-column: 1; grid-row: auto; text-align: left; }
  h1 { font-size: 25px; }
  .legend, .plot, .axis { margin-left: 28px; }
  .lane { display: block; height: auto; padding: 6px 0 4px; } .lane > b { display: block; font-size: 14px; line-height: 18px; } .track { height: 46px; margin-left: 28px; }
  .bar { top: 2px; }
  .columns { grid-template-columns: 1fr; }
  .events li { grid-template-columns: auto 1fr; } .events span { grid-column: 1 / -1; }
}
@media print { body { background: none; } }
`;
