/** The observers' guide says the keys as they are. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { keyLabel } from "../src/format.js";
import { ACTS } from "../src/keys.js";

const guide = readFileSync(new URL("../../../../docs/guide/observer.md", import.meta.url), "utf8");
const rows = [...guide.split("## Keys")[1].split("\n## ")[0].matchAll(/^\| (.+?) \| (.+?) \|$/gm)].map(([, key, label]) => [key, label]).slice(1);
const acts = new Map(ACTS.map((row) => [row.label, row.keys.map(keyLabel)]));

test("each act in the guide's table has the key that stands there", () => {
  assert.ok(rows.length > 20);
  for (const [key, label] of rows.filter(([key]) => key !== "---")) assert.ok(acts.get(label)?.includes(key), `${label}: the room says ${acts.get(label)}, the guide ${key}`);
});
