/** The rater's own codes counted over time, to be read beside a rating. Never anybody else's. */

import { dirOf } from "./direction.js";
import { h, safeColour } from "./dom.js";
import { clock } from "./format.js";

const MINUTE = 60_000;
const LENGTHS = [5, 10, 15, 20, 30, 60].map((minutes) => minutes * MINUTE);
const WIDEST = 12;

/** The stretches that codes are counted in: the scheme's segments, else five minutes each from the
 * start of every window (longer ones where that would make more than twelve columns). */
export function slices(windows, segments) {
  if (segments.length) return segments;
  const cut = (length) => windows.flatMap(([start, end]) => Array.from({ length: Math.max(1, Math.ceil((end - start) / length)) }, (_, n) => [start + n * length, Math.min(end, start + (n + 1) * length)]));
  return cut(LENGTHS.find((length) => cut(length).length <= WIDEST) ?? LENGTHS.at(-1));
}

/** Rows {code, counts, total, lasted_ms} of the codes that a rating is read beside: {first, others}.
 *
 * An event counts in the slice in which it starts. `first` holds the codes of the scale's dimension,
 * in the scheme's order, `others` those that occurred. `lasted_ms`: the time of ended states.
 */
export function tally(events, scheme, spans, dimension = "") {
  const rows = scheme.codes.map((code) => {
    const own = events.filter((e) => e.code === code.id);
    const counts = spans.map(([start, end]) => own.filter((e) => start <= e.start_ms && e.start_ms < end).length);
    const lasted_ms = code.kind === "state" ? own.reduce((sum, e) => sum + Math.max(0, (e.end_ms ?? e.start_ms) - e.start_ms), 0) : 0;
    return { code, counts, total: own.length, lasted_ms };
  });
  const first = rows.filter((row) => dimension && row.code.dimension === dimension);
  return { first, others: rows.filter((row) => !first.includes(row) && row.total > 0) };
}

/** {from, to}: the places of `spans` that a table has room for, those around the slice `now`. */
export function around(spans, now) {
  const from = Math.max(0, Math.min(now - 1 - WIDEST / 2, spans.length - WIDEST));
  return { from, to: Math.min(spans.length, from + WIDEST) };
}

/** The table of some rows. `now`: number of the slice that is rated or heard, from 1; 0 for none.
 * `segments`: the slices are the scheme's segments and bear their numbers, else the minute they begin. */
export function tallyTable(rows, spans, { now = 0, name, segments = false }) {
  const { from, to } = around(spans, now);
  const seen = (list) => list.slice(from, to);
  const head = seen(spans.map(([start, end], n) => h("th", { scope: "col", "aria-label": `${clock(start)} to ${clock(end)}`, title: `${clock(start)} – ${clock(end)}`, class: n + 1 === now ? "now" : null }, String(segments ? n + 1 : Math.round(start / MINUTE)))));
  const most = Math.max(1, ...rows.flatMap((row) => row.counts));
  const cell = (n, place) => h("td", { class: place + 1 === now ? "now" : null, style: { "--share": String(n / most) } }, n ? h("span", {}, String(n)) : h("span", { class: "none" }, "·", h("span", { class: "vh" }, "0")));
  return h(
    "table",
    { class: "tally", "aria-label": name },
    h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "of" }, segments ? "segment" : "from min"), ...head, h("th", { scope: "col" }, "all"))),
    h(
      "tbody",
      {},
      ...rows.map(({ code, counts, total, lasted_ms }) =>
        h(
          "tr",
          { style: { "--code": safeColour(code.colour) } },
          h("th", { scope: "row", dir: dirOf(code.label), title: code.label }, h("span", { class: `shape ${code.kind}`, "aria-hidden": "true" }), h("span", { class: "of-name", dir: "auto" }, code.label)),
          ...seen(counts.map(cell)),
          h("td", { class: "total", title: lasted_ms ? `${clock(lasted_ms)} in all` : null }, String(total)),
        ),
      ),
    ),
  );
}
