import assert from "node:assert/strict";
import test from "node:test";
import { mend, runsAt } from "../src/drift.js";
import { filtered, NO_FILTER, tops } from "../src/event-filters.js";
import { beside, FrameRate } from "../src/frames.js";
import { changed, dragged } from "../src/lane-drag.js";
import { eventAt, firstWhere, laidOut, touching } from "../src/lane-places.js";
import { CodingRows } from "../src/lane-rows.js";
import { LiveClock } from "../src/live-clock.js";
import { drawnLoop, runsOut, withEdge } from "../src/loop.js";
import { density } from "../src/overview.js";
import { linkTo } from "../src/playing.js";
import { follow } from "../src/pointing.js";
import { spokenOf } from "../src/spoken.js";
import { rulerStep, TimeAxis } from "../src/time-axis.js";
import { channels, loudest } from "../src/waveform.js";

const state = (id, start_ms, end_ms) => ({ id, kind: "state", start_ms, end_ms });
const point = (id, start_ms) => ({ id, kind: "point", start_ms, end_ms: null });

const axis = (duration_ms = 600_000, width = 1000) => {
  const made = new TimeAxis(duration_ms);
  made.resize(width);
  return made;
};

test("the axis shows four minutes at first, a shorter session whole", () => {
  assert.deepEqual(axis().span, [0, 240_000]);
  assert.deepEqual(axis(60_000).span, [0, 60_000]);
});

test("zooming keeps the moment under the pointer, and never shows less than the session fills", () => {
  const a = axis();
  const before = a.ms(300);
  a.zoom(2, 300);
  assert.ok(Math.abs(a.ms(300) - before) <= 1 / a.scale);
  a.zoom(0);
  assert.deepEqual(a.span, [0, 600_000]);
  a.zoom(0.1);
  assert.deepEqual(a.span, [0, 600_000]);
});

test("the view turns its page when the sound nears the edge, and comes along after a jump", () => {
  const a = axis();
  a.follow(200_000);
  assert.equal(a.left, 0);
  a.follow(220_000);
  assert.ok(a.left > 0 && a.shows(220_000) && a.x(220_000) < 100);
  a.follow(500_000);
  assert.ok(a.shows(500_000));
  a.follow(599_999);
  assert.deepEqual(a.span, [360_000, 600_000]);
});

test("a live session outgrows its axis and what is seen stays where it was", () => {
  const a = axis();
  const x = a.x(100_000);
  a.lengthen(1_200_000);
  assert.equal(a.x(100_000), x);
  assert.equal(a.duration_ms, 1_200_000);
});

test("the ruler has round steps with room for their labels", () => {
  assert.equal(rulerStep(1000 / 240_000), 30_000);
  assert.equal(rulerStep(0.4), 200);
  assert.equal(rulerStep(0.000_01), 3_600_000);
});

test("stretches that overlap lie on levels of their own; those that only touch share one", () => {
  const lane = laidOut([state("a", 0, 1000), state("b", 500, 800), point("p", 600), state("c", 1000, 1200)]);
  assert.deepEqual([...lane.levels], [0, 1, 0, 0]);
  assert.equal(lane.depth, 2);
  assert.equal(laidOut([state("a", 0, null), state("b", 900_000, 900_100)]).depth, 2);
});

test("what a view shows is found without looking at the rest, long stretches from before included", () => {
  const events = [state("long", 0, 90_000), ...Array.from({ length: 5000 }, (_, i) => point(`p${i}`, 100 + i * 100))];
  const lane = laidOut(events);
  const [first, end] = touching(lane, 80_000, 80_500);
  assert.equal(events[first].id, "long");
  assert.ok(end - first < 810);
  const [from, to] = touching(lane, 200_000, 200_450);
  assert.deepEqual(events.slice(from, to).map((e) => e.id), ["p1999", "p2000", "p2001", "p2002", "p2003"]);
  assert.deepEqual(touching(lane, 9e9, 9e9 + 1), [5001, 5001]);
});

test("bisection finds the first element that is reached", () => {
  assert.equal(firstWhere(5, (i) => i >= 3), 3);
  assert.equal(firstWhere(5, () => false), 5);
});

test("a pointer holds an edge at the edge, the whole in the middle, a moment over its stretch", () => {
  const lane = laidOut([state("a", 1000, 9000), point("p", 5000)]);
  const hold = (px) => eventAt(lane, px, { x: (ms) => ms / 10, ms: (x) => x * 10 });
  assert.deepEqual([hold(101), hold(898), hold(300)].map((found) => [found.event.id, found.part]), [["a", "start"], ["a", "end"], ["a", "whole"]]);
  assert.equal(hold(502).event.id, "p");
  assert.equal(hold(920), null);
});

test("a short stretch is held by its outsides and moved by its inside", () => {
  const lane = laidOut([state("a", 1000, 1100)]);
  const hold = (px) => eventAt(lane, px, { x: (ms) => ms / 10, ms: (x) => x * 10 })?.part;
  assert.deepEqual([hold(97), hold(105), hold(113)], ["start", "whole", "end"]);
});

const windows = [[10_000, 60_000], [100_000, 120_000]];
const drag = (event, part, by, more = {}) => dragged(event, part, by, { windows, duration_ms: 200_000, ...more });

test("a dragged edge stays in its window and never passes the other one", () => {
  const event = state("a", 20_000, 30_000);
  assert.deepEqual(drag(event, "start", -50_000), { start_ms: 10_000, end_ms: 30_000, snapped: null });
  assert.deepEqual(drag(event, "end", 90_000), { start_ms: 20_000, end_ms: 60_000, snapped: null });
  assert.equal(drag(event, "start", 15_000).start_ms, 29_960);
  assert.equal(drag(event, "end", -15_000).end_ms, 20_040);
  assert.deepEqual(drag(state("open", 20_000, null), "start", 1000), { start_ms: 21_000, end_ms: null, snapped: null });
});

test("a whole event keeps its length and its window", () => {
  const event = state("a", 20_000, 30_000);
  assert.deepEqual(drag(event, "whole", 1234), { start_ms: 21_234, end_ms: 31_234, snapped: null });
  assert.deepEqual(drag(event, "whole", 77_000), { start_ms: 50_000, end_ms: 60_000, snapped: null });
  assert.deepEqual(drag(state("b", 20_000, 50_000), "whole", 90_000), { start_ms: 30_000, end_ms: 60_000, snapped: null });
  assert.deepEqual(drag(point("p", 59_000), "whole", 5000), { start_ms: 59_999, end_ms: null, snapped: null });
});

test("edges catch on marks within reach, and say on which", () => {
  const event = state("a", 20_000, 30_000);
  const marks = [18_000, 31_000];
  assert.deepEqual(drag(event, "start", -1900, { marks, reach_ms: 150 }), { start_ms: 18_000, end_ms: 30_000, snapped: 18_000 });
  assert.deepEqual(drag(event, "whole", 950, { marks, reach_ms: 150 }), { start_ms: 21_000, end_ms: 31_000, snapped: 31_000 });
  assert.equal(drag(event, "start", -1900, { marks, reach_ms: 50 }).snapped, null);
});

test("only what a drag changed is written", () => {
  const event = state("a", 20_000, 30_000);
  assert.deepEqual(changed(event, { start_ms: 20_000, end_ms: 31_000 }), { end_ms: 31_000 });
  assert.equal(changed(event, { start_ms: 20_000, end_ms: 30_000 }), null);
});

const scheme = { codes: [{ id: "opens", label: "Opens up", kind: "point" }, { id: "repair", label: "Repair", kind: "state" }] };

test("a lane on which nothing changed stays the very same row", () => {
  const rows = new CodingRows(scheme);
  const [a, b] = [{ id: "a", code: "opens", start_ms: 1, end_ms: null }, { id: "b", code: "repair", start_ms: 2, end_ms: 3 }];
  const first = rows.rows([a, b]);
  const second = rows.rows([a, { ...b, end_ms: 9 }]);
  assert.equal(second[0], first[0]);
  assert.notEqual(second[1], first[1]);
  assert.equal(second[1].events[0].end_ms, 9);
});

test("stretches that could not be observed get a lane of their own, with their reason", () => {
  const rows = new CodingRows(scheme).rows([{ id: "n", code: "not_observable", start_ms: 5, end_ms: 9, modifiers: ["reason:frozen"] }]);
  assert.deepEqual(rows.map((r) => r.label), ["Opens up", "Repair", "Not observable"]);
  assert.equal(rows[2].events[0].label, "Not observable: Picture frozen");
});

const coded = [
  { id: "1", code: "opens", unsure: true, comment: "", who: "patient", start_ms: 0 },
  { id: "2", code: "opens", unsure: false, comment: "Late in the answer", who: "patient", start_ms: 1 },
  { id: "3", code: "repair", unsure: true, comment: "Thanks", who: "provider", start_ms: 2, modifiers: ["strength:high"] },
];
const sift = (filter) => filtered(coded, { ...NO_FILTER, ...filter }, (e) => scheme.codes.find((c) => c.id === e.code).label);

test("filters work together, and each counts what it would leave of the others", () => {
  assert.deepEqual(sift({}).shown.length, 3);
  assert.deepEqual(sift({ code: "opens", unsure: true }).shown.map((e) => e.id), ["1"]);
  const { counts } = sift({ code: "opens" });
  assert.deepEqual([counts.unsure, counts.comment, counts.code.get("repair"), counts.who.get("patient")], [1, 1, 1, 2]);
  assert.deepEqual(sift({ text: " REPAIR" }).shown.map((e) => e.id), ["3"]);
  assert.deepEqual(sift({ text: "answer" }).shown.map((e) => e.id), ["2"]);
  assert.deepEqual(sift({ text: "high" }).shown.map((e) => e.id), ["3"]);
  assert.deepEqual(sift({ who: "provider", comment: true }).shown.map((e) => e.id), ["3"]);
});

test("tops of rows", () => assert.deepEqual([...tops([27, 45, 27])], [0, 27, 72, 99]));

test("a picture's length is learned from those that were shown; jumps teach nothing", () => {
  const rate = new FrameRate();
  for (let i = 0; i < 5; i++) rate.see(i * 40);
  assert.equal(rate.frame_ms, null);
  rate.see(200);
  rate.see(280); // one was dropped
  rate.jump();
  rate.see(60_000);
  rate.see(60_040);
  assert.equal(rate.frame_ms, 40);
});

test("a step lands inside the next picture, and inside the one before", () => {
  assert.equal(beside(1000, 40, 1), 1042);
  assert.equal(beside(1000, 40, -1), 962);
  assert.equal(beside(0, 40, -1), 0);
});

test("small drift is mended by speed, large drift by a jump, and a little is left alone", () => {
  assert.deepEqual(mend(5), { rate: 1 });
  assert.ok(mend(40).rate < 1 && mend(40).rate > 0.93);
  assert.ok(mend(-40).rate > 1);
  assert.deepEqual(mend(-81), { seek: true });
});

test("a recording with an offset runs only in its own stretch of the session", () => {
  const second = { offset_ms: 5000, duration_ms: 10_000 };
  assert.deepEqual([4999, 5000, 14_999, 15_000].map((ms) => runsAt(ms, second)), [false, true, true, false]);
});

test("a loop needs both edges in order, and turns only what came through it", () => {
  assert.deepEqual(withEdge(null, "start", 5000), { start_ms: 5000, end_ms: null });
  assert.deepEqual(withEdge({ start_ms: 5000, end_ms: null }, "end", 8000), { start_ms: 5000, end_ms: 8000 });
  assert.deepEqual(withEdge({ start_ms: 5000, end_ms: 8000 }, "end", 4000), { start_ms: null, end_ms: 4000 });
  assert.equal(drawnLoop(1000, 1100), null);
  assert.deepEqual(drawnLoop(4000, 1000), { start_ms: 1000, end_ms: 4000 });
  const loop = { start_ms: 1000, end_ms: 4000 };
  assert.equal(runsOut(loop, 3990, 4005), true);
  assert.equal(runsOut(loop, 4005, 4020), false);
  assert.equal(runsOut(loop, 3990, 9000), false); // somebody went elsewhere
  assert.equal(runsOut(loop, 3990, 9000, 4900), true); // the page was held up for five seconds
  assert.equal(runsOut({ start_ms: 1000, end_ms: null }, 3990, 4005), false);
});

test("density counts a stretch in every part that it touches", () => {
  assert.deepEqual([...density([{ start_ms: 0, end_ms: 25 }, { start_ms: 99, end_ms: null }], 4, 100)], [1, 1, 0, 1]);
});

test("a link to a moment keeps what the address names", () => {
  assert.equal(linkTo("http://here/code?session=x&t=3#y", 754_321), "http://here/code?session=x&t=754.3");
});

test("the utterance of a moment, and every edge once and in order", () => {
  const spoken = spokenOf({ utterances: [{ start_ms: 0, end_ms: 900 }, { start_ms: 900, end_ms: 2000 }, { start_ms: 1500, end_ms: 1800 }] });
  assert.deepEqual(spoken.edges, [0, 900, 1500, 1800, 2000]);
  assert.equal(spoken.around(1000).start_ms, 900);
  assert.equal(spokenOf({ utterances: [] }).around(5), null);
});

test("peaks become shares of the loudest, up and down", () => {
  const peaks = channels(new Int8Array([-64, 32, -8, 64]).buffer);
  assert.deepEqual([[...peaks.above], [...peaks.below]], [[0.5, 1], [1, 0.125]]);
  assert.deepEqual(loudest(peaks, 0, 2), [1, 1]);
});

test("a live clock runs with the world, goes on after a reload, and a stop can be taken back", () => {
  let [now, wall] = [1000, 5_000_000];
  const times = { now: () => now, wall: () => wall };
  const written = [];
  const make = () => new LiveClock({ media: { duration_ms: 0 }, onChange: () => {}, begin: (values) => written.push(values), times });
  const clock = make();
  assert.deepEqual([clock.playing, clock.now_ms], [false, 0]);
  clock.toggle();
  assert.deepEqual(written, [{ origin_at: 5_000_000, stopped_ms: null }]);
  clock.set(written[0]);
  now += 61_000;
  wall += 999_999; // somebody sets the computer's clock
  assert.deepEqual([clock.playing, clock.now_ms, clock.at({ timeStamp: now - 30 })], [true, 61_000, 60_970]);
  clock.toggle();
  assert.deepEqual(written.at(-1), { origin_at: 5_000_000, stopped_ms: 61_000 });
  clock.set(written.at(-1));
  now += 5000;
  assert.deepEqual([clock.playing, clock.now_ms], [false, 61_000]);
  clock.toggle();
  assert.deepEqual(written.at(-1), { origin_at: 5_000_000, stopped_ms: null });
  wall = 5_070_000;
  const reloaded = make();
  reloaded.set({ origin_at: 5_000_000, stopped_ms: null });
  assert.equal(reloaded.now_ms, 70_000);
});

test("a press let go far from where it began is a drag, also when no move was seen on the way", () => {
  const element = Object.assign(new EventTarget(), { setPointerCapture() {} });
  const seen = [];
  const press = () => follow(element, { clientX: 100, clientY: 5, pointerId: 1 }, { move: () => seen.push("move"), done: () => seen.push("done"), click: () => seen.push("click"), cancel: () => seen.push("cancel") });
  const up = (clientX) => element.dispatchEvent(Object.assign(new Event("pointerup"), { clientX, clientY: 5 }));
  press();
  up(140);
  press();
  up(101);
  press().cancel();
  up(140);
  const dragged = press();
  up(140);
  assert.equal(dragged.moved, false, "what was let go is not on the move: Escape is free for something else");
  assert.deepEqual(seen, ["move", "done", "click", "cancel", "move", "done"]);
});
