import assert from "node:assert/strict";
import test from "node:test";
import { scale, sit } from "./ratings-page.mjs";

const code = (id, more = {}) => ({ id, label: id, kind: "point", colour: "", dimension: "", modifiers: [], ask: [], ...more });
const codes = [code("thanks", { dimension: "bond" }), code("silence", { kind: "state" })];
const thanks = { event: "e1", code: "thanks", start_ms: 5000 };
const silence = { event: "e2", code: "silence", start_ms: 40_000, end_ms: 50_000 };

/** [scale, event] of all that is linked. */
const links = ({ content }) => content().evidence.map((e) => [e.scale, e.event]);
const reminder = ({ part }) => (part.reminder.element.hidden ? "" : part.reminder.element.textContent);

test("while evidence is collected, each code that is chosen in the list speaks for the open rating", () => {
  const page = sit([scale("bond"), scale("tasks")], { codes });
  page.coded(thanks, silence);
  page.part.enter();
  page.choose("e1");
  assert.deepEqual(links(page), [], "nothing is linked before it is asked for");
  page.shown("collect-bond").click();
  assert.equal(page.tabs.shown, "events");
  assert.match(reminder(page), /Choose the codes that speak for “bond”/);
  page.choose("e1");
  assert.deepEqual(links(page), [], "what was chosen before stays as it was");
  page.choose("e2");
  page.choose("e1");
  assert.deepEqual(links(page), [["bond", "e1"], ["bond", "e2"]]);
  page.choose("e2");
  assert.deepEqual(links(page), [["bond", "e1"]], "chosen again it is taken away");
});

test("collecting ends with Done, with a second press, and where another rating is opened", () => {
  const ends = {
    done: (page) => page.part.reminder.onCollected(),
    again: (page) => page.shown("collect-bond").click(),
    another: (page) => page.part.reveal({ scale: "tasks", segment: 0, person: "" }),
  };
  for (const [name, end] of Object.entries(ends)) {
    const page = sit([scale("bond"), scale("tasks")], { codes });
    page.coded(thanks);
    page.part.enter();
    page.shown("collect-bond").click();
    end(page);
    page.choose("e1");
    assert.deepEqual([links(page), reminder(page)], [[], ""], name);
  }
});

test("a moment after they changed, the rater's own codes are counted beside the open rating", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = sit([scale("bond"), scale("tasks")], { codes });
  const counted = () => page.shown("scale-bond").textContent.includes("Your codes");
  page.part.enter();
  page.coded(thanks, silence);
  assert.equal(counted(), false);
  t.mock.timers.tick(200);
  assert.equal(counted(), true);
  assert.match(page.shown("scale-bond").textContent, /Your codes, per 1 min.*thanks11.*Your other codes.*silence11/);
  page.part.destroy();
});

test("beside a rating its segment is marked in the counts, and of the whole session the stretch that is heard", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const all = (element, tag) => element.children.flatMap((child) => (child.children ? [...(child.tagName === tag ? [child] : []), ...all(child, tag)] : []));
  const columns = ({ shown }, id) => all(shown(`scale-${id}`), "TH").filter((th) => th.getAttribute("aria-label"));
  const marked = (page, id) => columns(page, id).flatMap((th, n) => (th.getAttribute("class") === "now" ? [n + 1] : []));
  const counted = (ratings, segments, place, now_ms) => {
    const page = sit(ratings, { codes, segments });
    page.room.media.now_ms = now_ms;
    page.coded(thanks, silence);
    page.part.reveal(place);
    t.mock.timers.tick(200);
    return page;
  };
  const halves = [[0, 30_000], [30_000, 60_000]];
  const apart = counted([scale("bond", { each_segment: true })], halves, { scale: "bond", segment: 2, person: "" }, 0);
  assert.match(apart.shown("scale-bond").textContent, /Your codes, per segment.*12all.*thanks1·01.*silence·011/);
  assert.deepEqual(marked(apart, "bond").slice(0, 1), [2]);
  const whole = counted([scale("bond")], [], { scale: "bond", segment: 0, person: "" }, 45_000);
  assert.deepEqual(marked(whole, "bond").slice(0, 1), [1], "the one stretch of this minute");
});

test("a segment whose end has played waits in one line, until it is rated or put off", () => {
  const page = sit([scale("bond", { each_segment: true })], { segments: [[0, 30_000], [30_000, 60_000]] });
  const playOver = (end) => ((page.room.media.playing = true), page.part.move(end - 500), page.part.move(end + 100));
  playOver(30_000);
  assert.match(reminder(page), /Segment 1: 1 rating missing/);
  assert.equal(page.shown("segment-1").getAttribute("aria-current"), "true", "it stays with what waits");
  page.part.enter();
  page.keys("2");
  assert.equal(reminder(page), "");
  page.keys("Escape");
  playOver(60_000);
  assert.match(reminder(page), /Segment 2: 1 rating missing/);
  page.part.reminder.onLater();
  assert.equal(reminder(page), "");
});
