import assert from "node:assert/strict";
import test from "node:test";
import { keyLabel } from "../src/format.js";
import { ACTS, bindingOf, GROUPS, keyboard, nameOf, namesOf } from "../src/keys.js";

const code = (id, key, more = {}) => ({ id, label: id.toUpperCase(), key, kind: "point", group: null, ...more });
const scheme = (...codes) => ({ name: "s", codes });
const press = (key, more = {}) => ({ key, code: "", ctrlKey: false, metaKey: false, shiftKey: false, ...more });
const row = (rows, name) => rows.find((r) => (r.act ?? r.id) === name);

test("every act has a group, a name in words and a key of its own in each room", () => {
  for (const mode of ["code", "review"]) {
    const seen = new Map();
    for (const { act, keys, label, group, modes } of ACTS) {
      assert.ok(GROUPS.some((g) => g.id === group), `${act} has no group`);
      assert.ok(label && keys, `${act} needs a label and keys`);
      if (modes && !modes.includes(mode)) continue;
      for (const key of keys) {
        assert.ok(!seen.has(key), `${key} is the key of ${seen.get(key)} and of ${act}`);
        seen.set(key, act);
      }
    }
  }
});

test("scheme keys come first; an act whose letter is taken moves to Shift and that letter", () => {
  const { bindings, rows } = keyboard(scheme(code("undecided", "u"), code("c", "c")), "code");
  assert.equal(bindings.get("u").code, "undecided");
  assert.equal(bindings.get("shift+u").act, "unsure");
  assert.equal(bindings.get("shift+c").act, "comment");
  assert.deepEqual(row(rows, "unsure").keys, ["shift+u"]);
});

test("in review no code has a key", () => {
  const { bindings } = keyboard(scheme(code("opens", "o")), "review");
  assert.equal(bindings.get("o"), undefined);
  assert.equal(bindings.get("n").act, "next");
  assert.equal(bindings.get("ctrl+z"), undefined);
});

test("a rater's own keys go before the scheme's, and what lost its key says which", () => {
  const { bindings, rows } = keyboard(scheme(code("opens", "o"), code("mends", "m")), "code", { s: { opens: "m" }, "": { unsure: "7", comment: "m" } });
  assert.deepEqual(row(rows, "comment").keys, ["c"]);
  assert.equal(row(rows, "comment").lost, "m");
  assert.equal(bindings.get("m").code, "opens");
  assert.equal(bindings.get("7").act, "unsure");
  assert.equal(bindings.get("o"), undefined);
  assert.equal(row(rows, "mends").lost, "m");
  assert.deepEqual(row(rows, "mends").keys, []);
  assert.equal(keyboard(scheme(code("opens", "o")), "code", { other: { opens: "7" } }).bindings.get("o").code, "opens");
  assert.equal(keyboard(scheme(code("opens", "o")), "code", { s: { opens: "" } }).bindings.get("o"), undefined);
});

test("an option with a direct key is a key of its own", () => {
  const strong = { id: "strong", label: "Strong", key: "1", direct: "k" };
  const { bindings, rows } = keyboard(scheme(code("opens", "o", { modifiers: [{ id: "depth", label: "Depth", options: [strong] }] })), "code");
  assert.deepEqual(bindings.get("k"), { code: "opens", modifiers: ["depth:strong"] });
  assert.equal(row(rows, "opens/depth:strong").label, "OPENS: Strong");
});

test("key names", () => {
  const name = (key, more) => nameOf(press(key, more));
  assert.equal(name("K"), "k");
  assert.equal(name("K", { shiftKey: true }), "shift+k");
  assert.equal(name("Z", { ctrlKey: true, shiftKey: true }), "ctrl+shift+z");
  assert.equal(name("z", { metaKey: true }), "ctrl+z");
  assert.equal(name("?", { shiftKey: true }), "?");
  assert.equal(name("ArrowLeft", { shiftKey: true }), "shift+arrowleft");
  assert.equal(keyLabel("ctrl+shift+z"), "Ctrl+Shift+Z");
  assert.equal(keyLabel("+"), "+");
  assert.equal(keyLabel("shift++"), "Shift++");
});

test("a letter with Shift held by accident is still the letter, unless Shift makes a key of its own", () => {
  const { bindings } = keyboard(scheme(code("undecided", "u"), code("opens", "o")), "code");
  assert.equal(bindingOf(bindings, press("O", { shiftKey: true })).code, "opens");
  assert.equal(bindingOf(bindings, press("U", { shiftKey: true })).act, "unsure");
});

test("keys of other scripts code; Latin keys are found by their place on such a keyboard", () => {
  const { bindings } = keyboard(scheme(code("trust", "ث"), code("opens", "q")), "code");
  assert.equal(bindingOf(bindings, press("ث", { code: "KeyE" })).code, "trust");
  assert.equal(bindingOf(bindings, press("ض", { code: "KeyQ" })).code, "opens");
  assert.equal(bindingOf(bindings, press("я", { code: "KeyZ", ctrlKey: true })).act, "undo");
  assert.deepEqual(namesOf(press("a", { code: "KeyQ" })), ["a"]); // a French keyboard says what it means
});
