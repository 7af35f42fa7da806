import assert from "node:assert/strict";
import test from "node:test";
import { openPage, press } from "./page.mjs";

openPage();
const { Element } = globalThis;
const { Inspector } = await import("../src/inspector.js");
const { Palette } = await import("../src/palette.js");
const { Submission } = await import("../src/submission.js");
const { Transport } = await import("../src/transport.js");
const { belongsElsewhere, bindingOf, keyboard, nameOf } = await import("../src/keys.js");
const { remap } = await import("../src/remap.js");

const option = (id, key) => ({ id, label: id, key, direct: "" });
const depth = { id: "depth", label: "Depth", required: false, several: false, options: [option("slight", "e"), option("strong", "m")] };
const code = (id, key, more = {}) => ({ id, label: id, key, kind: "point", group: null, colour: "", ask: [], modifiers: [], ...more });
const scheme = { name: "s", unit: "event", codes: [code("opens", "o", { modifiers: [depth] }), code("mends", "m")], ratings: [{ id: "warm" }] };
const event = (id, more = {}) => ({ id, code: "opens", start_ms: 0, end_ms: null, comment: "", unsure: false, modifiers: [], second_choice: "", question: "", who: "", whom: "", unit: "", ...more });

function roomOf(events) {
  const acts = [];
  const content = { events };
  const element = () => ({ element: new Element("div") });
  const room = { payload: { scheme, people: [] }, ledger: { content: () => content }, keys: keyboard(scheme), keyOf: new Map(), codes: element(), events: element(), acts: {}, editable: () => true, say() {}, act: (act) => acts.push(act) };
  return { room, acts, content };
}

test("while a question stands, Shift and a letter is what the room has there and not the option of that letter", () => {
  const { room, acts } = roomOf([event("e1")]);
  const palette = new Palette(room);
  palette.ask("e1");
  assert.equal(room.keys.bindings.get("shift+e").act, "linkUtterance");
  assert.equal(palette.key(press("E", { shiftKey: true })), false);
  assert.equal(palette.key(press("e")), true);
  assert.deepEqual(acts[0].operations[0].values, { modifiers: ["depth:slight"] });
});

test("while a question stands, another code's key still codes: the option of that key has another one", () => {
  const { room, acts } = roomOf([event("e1")]);
  const palette = new Palette(room);
  palette.ask("e1");
  assert.equal(palette.key(press("m")), false);
  const strong = palette.shown.find((entry) => entry.option.id === "strong").option;
  assert.equal(strong.key, "1");
  palette.key(press("1"));
  assert.deepEqual(acts[0].operations[0].values, { modifiers: ["depth:strong"] });
});

test("a comment being written stays with its code when a click makes or chooses another", () => {
  const [first, second] = [event("e1"), event("e2", { comment: "other" })];
  const { room, acts, content } = roomOf([first, second]);
  const inspector = new Inspector(room);
  inspector.update({ content, chosen: "e1", editable: true });
  inspector.comment.focus();
  inspector.comment.value = "long silence before";
  inspector.update({ content, chosen: "e2", editable: true });
  assert.deepEqual(acts.flatMap((act) => act.operations), [{ kind: "amend", event: "e1", values: { comment: "long silence before" } }]);
  assert.equal(inspector.comment.value, "other");
  inspector.update({ content, chosen: "e1", editable: true });
  assert.equal(acts.length, 1);
});

test("who asks for the comment or the question of a code that is not drawn yet writes there at once", () => {
  const { room, content } = roomOf([]); // drawn: nothing
  const made = { events: [event("e1")] };
  const hand = { chosen: (then) => then(made.events[0])?.operations.length && (made.events = [event("e1", { unsure: true })]) };
  Object.assign(room, { chosen: "e1", hand, tabs: { show() {} }, ledger: { content: () => made } });
  const inspector = new Inspector(room);
  for (const name of ["comment", "question"]) {
    inspector.acts[name]();
    assert.equal(inspector[name].matches(":focus"), true, name);
    inspector.update({ content, chosen: "e1", editable: true }); // something else is drawn meanwhile
    assert.equal(inspector.element.hidden, false);
  }
  assert.equal(inspector.doubt.hidden, false);
});

test("the checklist asked for twice while the server thinks opens once", async () => {
  let asked = 0;
  const { room } = roomOf([]);
  const submission = new Submission(Object.assign(room, { sync: { saveAll: async () => (asked++, false) } }));
  await Promise.all([submission.open(), submission.open()]);
  assert.equal(asked, 1);
  await submission.open();
  assert.equal(asked, 2);
});

test("an open dialog of the room has the keyboard also after a click on its text", () => {
  const body = press("k", { composedPath: () => [] });
  assert.equal(belongsElsewhere(body, null, { querySelector: () => null }), false);
  assert.equal(belongsElsewhere(body, null, { querySelector: (selector) => selector === "dialog[open]" && {} }), true);
});

test("Alt and a letter is the browser's and codes nothing; characters that Alt types on a Mac still count", () => {
  const { bindings } = keyboard(scheme);
  assert.equal(bindingOf(bindings, press("o", { altKey: true })), undefined);
  assert.equal(bindingOf(bindings, press("[", { altKey: true })).act, "startHere");
  assert.equal(nameOf(press("o", { altKey: true, ctrlKey: true, getModifierState: (name) => name === "AltGraph" })), "o");
  assert.equal(remap(scheme, "code", {}, "opens", "alt+o").refused, true);
});

test("the buttons of the transport say the keys of the present, not those of the scheme", () => {
  const media = { live: false, playing: false, speed: 1, muted: false, boost: 1, volume: 1 };
  const transport = new Transport({ media, acts: {}, keys: new Map([["loop", "l"], ["back1", "shift+arrowleft"]]), canEdit: true, hasPicture: false });
  assert.equal(transport.loop.title, "Loop (L)");
  transport.rekey(new Map([["loop", "shift+y"], ["play", " "]]));
  assert.equal(transport.loop.title, "Loop (Shift+Y)");
  assert.equal(transport.play.getAttribute("aria-keyshortcuts"), "Space");
  assert.equal(transport.undo.title, "Undo");
});
