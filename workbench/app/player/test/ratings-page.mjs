/** The ratings on a page without layout, for tests that press their keys and read what stands. */

import { openPage, press } from "./page.mjs";

openPage();
const { Element } = globalThis;
const { Ratings } = await import("../src/ratings.js");
const { fold } = await import("../src/reduce.js");
const { nameOf } = await import("../src/keys.js");

export const scale = (id, more = {}) => ({ id, label: id, low: -3, high: 3, start: 0, no_evidence: true, anchors: {}, definition: "", dimension: id, each_segment: false, people: [], together: false, ...more });

/** `keys(...)` presses them; `rated()` is what stands: {"safety family-1": 2}; `coded(event)` comes from elsewhere in the room. */
export function sit(ratings, { here, unrated = [], codes = [], segments = [] } = {}) {
  const operations = [];
  const panel = new Element("div");
  panel.hidden = false;
  const said = [];
  const content = () => fold(operations);
  const payload = { coding: "c", mode: "code", windows: [[0, 60_000]], segments, people: here, scheme: { codes, ratings, unrated } };
  const tabs = { show: (name) => ((tabs.shown = name), name === "ratings" && panel.dispatchEvent(new Event("shown"))), panel: () => panel, label: (_, text) => (tabs.text = text), list: new Element("div") };
  const act = ({ operations: made }) => {
    for (const op of made) operations.push({ ...op, id: `o${operations.length}`, client_at: operations.length });
    part.update({ content: content(), editable: true, chosen: room.chosen });
  };
  const room = {
    payload,
    tabs,
    act,
    chosen: null,
    ledger: { content },
    media: { now_ms: 0, playing: false },
    keyOf: new Map(),
    root: { getRootNode: () => globalThis.document },
    acts: { play() {} },
    editable: () => true,
    say: (sentence) => said.push(sentence),
  };
  const part = new Ratings(room);
  part.update({ content: content(), editable: true, chosen: null });
  part.ready();
  const keys = (...names) => names.forEach((key) => part.key(press(key), nameOf(press(key))));
  const rated = () => Object.fromEntries(content().ratings.map((r) => [`${r.scale} ${r.person}`.trim(), r.no_evidence ? "none" : r.value]));
  const shown = (id) => part.body.querySelector(`[data-testid=${id}]`);
  const coded = (...events) => act({ operations: events.map((event) => ({ kind: "add", end_ms: null, values: {}, ...event })) });
  const choose = (event) => part.update({ content: content(), editable: true, chosen: (room.chosen = event) });
  return { part, room, keys, rated, shown, said, tabs, coded, choose, content };
}
