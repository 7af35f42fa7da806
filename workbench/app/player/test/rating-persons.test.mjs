import assert from "node:assert/strict";
import test from "node:test";
import { scale, sit as sitWith } from "./ratings-page.mjs";

const people = [["provider", "Provider"], ["patient", "Patient"], ["family-1", "Family member 1"], ["family-2", "Family member 2"], ["family", "Whole family"]].map(([id, label]) => ({ id, label, role: id.split("-")[0] }));
const everybody = ["patient", "family-1", "family-2"];
const family = [scale("engagement", { people: everybody }), scale("safety", { people: everybody }), scale("purpose", { together: true, no_evidence: false })];

const sit = (ratings, more = {}) => sitWith(ratings, { here: people, ...more });

test("keys rate one person after the other, and nothing goes over from one to the next", () => {
  const { part, keys, rated, shown, tabs } = sit(family);
  assert.equal(tabs.text, "Ratings 0/7");
  part.enter();
  keys("-", "2", "ArrowDown", "/", "PageDown");
  assert.deepEqual(rated(), { "engagement patient": -2, "safety patient": "none" });
  assert.equal(shown("person-family-1").getAttribute("aria-current"), "true");
  assert.equal(shown("person-patient").getAttribute("aria-label"), "Patient, rated");
  assert.match(shown("scale-safety").textContent, /safetyFamily member 1not rated yet/);
  keys("Enter", "ArrowUp", "ArrowLeft", "Enter");
  assert.deepEqual(rated(), { "engagement family-1": -1, "engagement patient": -2, "safety family-1": 0, "safety patient": "none" });
  keys("PageUp", "ArrowUp", "Delete");
  assert.equal(rated()["engagement patient"], null);
  assert.equal(rated()["engagement family-1"], -1);
  assert.equal(tabs.text, "Ratings 3/7");
});

test("coming back to the ratings leads to whom one is not done with, then to who lacks one, then stays", () => {
  const { part, keys, rated, shown } = sit(family);
  const now = () => everybody.find((id) => shown(`person-${id}`).getAttribute("aria-current") === "true");
  part.enter();
  keys("1", "Escape");
  part.enter();
  keys("ArrowDown", "1", "Escape");
  assert.equal(now(), "patient");
  part.enter(); // what is shown here and missing comes before another person
  keys("0", "Escape");
  assert.equal(rated().purpose, 0);
  part.enter();
  assert.equal(now(), "family-1");
  keys("1", "ArrowDown", "1", "Escape");
  part.enter();
  assert.equal(now(), "family-2");
  keys("1", "ArrowDown", "1", "Escape");
  part.enter();
  assert.equal(now(), "family-2");
});

test("an entry of the checklist opens the rating of its person; a click on a name shows that person", () => {
  const { part, shown } = sit(family);
  part.reveal({ scale: "safety", segment: 0, person: "family-2" });
  assert.equal(shown("person-family-2").getAttribute("aria-current"), "true");
  assert.deepEqual(part.active, { scale: "safety", segment: 0, person: "family-2" });
  shown("person-patient").click();
  assert.equal(shown("person-patient").getAttribute("aria-current"), "true");
  assert.equal(part.active, null);
});

test("a patient alone has no row of names, and what a family shares is named as not asked for", () => {
  const alone = family.slice(0, 2).map((s) => ({ ...s, people: ["patient"] }));
  const { part, keys, rated, tabs } = sit(alone, { here: people.slice(0, 2), unrated: ["Shared purpose"] });
  assert.equal(part.persons.element.hidden, true);
  assert.match(part.body.textContent, /Not rated here: Shared purpose\./);
  part.enter();
  keys("0", "ArrowDown", "PageDown", "3");
  assert.deepEqual(rated(), { "engagement patient": 0, "safety patient": 3 });
  assert.equal(tabs.text, "Ratings 2/2");
});

test("beside what is rated once, Page down with one person alone leads nowhere", () => {
  const { part, keys, rated } = sit([{ ...family[0], people: ["patient"] }, scale("pace")], { here: people.slice(0, 2) });
  part.enter();
  keys("ArrowDown", "PageDown", "2");
  assert.deepEqual(rated(), { pace: 2 });
});

test("a scheme without persons is rated as ever", () => {
  const { part, keys, rated } = sit([scale("bond"), scale("tasks")]);
  part.enter();
  keys("2", "Escape");
  part.enter(); // back to what was rated last
  keys("3", "ArrowDown", "1", "PageDown");
  assert.deepEqual(rated(), { bond: 3, tasks: 1 });
});
