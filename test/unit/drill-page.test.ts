import assert from "node:assert/strict";
import { test } from "node:test";
import { drillPage, type PageContent } from "../../lab/drills/page";
import { LANES } from "../../lab/drills/timeline";

const NASTY = `550 5.1.1 <bob@example.test>: "User" & 'unknown' </style><script>alert(1)</script>`;

const content: PageContent = {
  name: "unit",
  description: "something <b>breaks</b>",
  unmet: [],
  timeline: {
    began: new Date("2026-01-02T03:04:05Z"),
    lasted: 20_000,
    events: LANES.map((lane, index) => ({ at: index * 5000, lane, text: `${lane} does ${NASTY}` })),
    spans: [{ lane: "primary", from: 5000, to: 15_000, tone: "bad", text: `off & away` }],
    samples: [
      { at: 0, accepted: 0, held: 0, delivered: 0 },
      { at: 5000, accepted: 11, held: 0, delivered: 0 },
      { at: 10_000, accepted: 11, held: 11, delivered: 0 },
      { at: 20_000, accepted: 11, held: 0, delivered: 11 },
    ],
  },
  documents: [{ name: "unit.md", text: `| a | ${NASTY} |` }],
  rows: [["the primary's answer", NASTY]],
};

/** The text that a browser shows: tags away, references resolved. */
const text = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]*>/g, "\n")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

test("the page holds every event, span and figure, once read by a browser as they were said", () => {
  const shown = text(drillPage(content));
  for (const event of content.timeline.events) assert.ok(shown.includes(event.text), event.text);
  for (const at of ["0.0 s", "5.0 s", "10.0 s", "15.0 s", "20.0 s"]) assert.ok(shown.includes(at), at);
  assert.ok(shown.includes("off & away"));
  assert.ok(shown.includes(NASTY) && shown.includes("the primary's answer"));
  assert.ok(shown.includes("something <b>breaks</b>"));
  assert.ok(shown.includes("unit.md") && shown.includes(`| a | ${NASTY} |`));
  assert.ok(shown.includes("Everything as expected"));
});

test("nothing in it comes from elsewhere or runs", () => {
  const html = drillPage(content);
  assert.doesNotMatch(html, /<script|<link|<img|<iframe|@import|url\(|https?:|\son\w+=|src=/i);
  assert.deepEqual([...new Set([...html.matchAll(/href="([^"]?)/g)].map(([, first]) => first))], ["#"]);
});

test("every dot leads to its event, and lies where its time is", () => {
  const html = drillPage(content);
  const dots = [...html.matchAll(/class="dot" href="#(e\d+)" style="left:([\d.]+)%"/g)].map(([, id, left]) => [id, left]);
  assert.deepEqual(dots, [
    ["e0", "0.00"],
    ["e1", "25.00"],
    ["e2", "50.00"],
    ["e3", "75.00"],
    ["e4", "100.00"],
  ]);
  for (const [id] of dots) assert.ok(html.includes(`<li id="${id}"`), id);
  assert.match(html, /class="bar bad" style="left:25\.00%;width:50\.00%"/);
});

test("the counts are lines in steps under the most that there was", () => {
  const html = drillPage(content);
  // 11 of 12, the round number above it.
  assert.ok(html.includes(`class="accepted" d="M0 100.00H25.00V8.33H50.00V8.33H100.00V8.33H100"`), html);
  assert.match(html, /held <b>11 at most<\/b>/);
});

test("what was not met stands at the top, and where it happened", () => {
  const { timeline } = content;
  const html = drillPage({
    ...content,
    unmet: ["expected <this>"],
    timeline: { ...timeline, events: [{ at: 1, lane: "backup", text: "expected <this>", unmet: true }], samples: [] },
  });
  const shown = text(html);
  assert.ok(shown.includes("Not as expected: 1"));
  assert.equal(shown.split("expected <this>").length, 3);
  assert.match(html, /class="dot unmet"/);
});
