/** The keyboard of the room as a whole, under every scheme that comes with the program. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

import { ACTS, keyboard } from "../src/keys.js";

const FOLDER = new URL("../../../../coding_schemes/observer/", import.meta.url);

/** What `keyboard` reads of a scheme, out of its YAML: keys of codes and direct keys of options. */
function schemeOf(file) {
  const text = readFileSync(new URL(file, FOLDER), "utf8");
  const one = (pattern, from = text) => pattern.exec(from)?.[1] ?? "";
  const codes = text.split(/^ratings:/m)[0].split(/^ {2}- id: /m).slice(1);
  return {
    name: one(/^scheme: (\w+)/m),
    unit: one(/^unit: (\w+)/m) || "event",
    passes: one(/^passes: \[(.*)\]/m).split(", ").filter(Boolean),
    ratings: [{ id: "any" }],
    ratesOnly: !/^codes:/m.test(text),
    rules: [],
    codes: codes.map((code) => ({
      id: one(/^(\w+)/, code),
      kind: one(/^ {4}kind: (\w+)/m, code),
      label: one(/^ {4}label: (.*)/m, code),
      key: one(/^ {4}key: "?(.)/m, code),
      modifiers: [{ id: "m", options: [...code.matchAll(/\{id: (\w+),.*?direct: "?(.)/g)].map(([, id, direct]) => ({ id, label: id, direct })) }],
    })),
  };
}

const schemes = readdirSync(FOLDER).filter((file) => file.endsWith(".yaml")).map(schemeOf);

test("no two acts of one room want the same key", () => {
  for (const mode of ["code", "review"]) {
    const wanted = new Map();
    for (const { act, keys, modes } of ACTS) {
      if (modes && !modes.includes(mode)) continue;
      for (const key of keys) {
        assert.equal(wanted.get(key), undefined, `${key} is wanted by ${wanted.get(key)} and ${act}`);
        wanted.set(key, act);
      }
    }
  }
});

for (const scheme of schemes) {
  test(`under ${scheme.name} every code, option and act has a key of its own`, () => {
    assert.ok(scheme.codes.length > 5 || scheme.ratesOnly);
    for (const mode of ["code", "review"]) {
      const { bindings, rows } = keyboard(scheme, mode);
      for (const row of rows) {
        assert.ok(row.keys.length, `${row.id} has no key`);
        for (const key of row.keys) assert.ok(bindings.has(key));
      }
      assert.equal(new Set(rows.flatMap((row) => row.keys)).size, rows.flatMap((row) => row.keys).length);
    }
    for (const code of scheme.codes) assert.equal(keyboard(scheme).bindings.get(code.key).code, code.id);
  });
}
