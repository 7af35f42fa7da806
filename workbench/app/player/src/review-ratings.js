/** The ratings of the lanes that are looked at, beside each other: what every lane said of the same place.
 *
 * A lane's rating names the stretch of its segment itself, because lanes can have windows of their own.
 */

import { h } from "./dom.js";
import { clock } from "./format.js";
import { answersOf, NONE, written } from "./rating-answers.js";
import { personName } from "./rating-places.js";

/** [{name, rows: [{scale, answers}]}]: what is rated for each segment, of each person, and once; `answers` of the lanes in their
 * order, null where a lane has none. */
export function ratedGroups(scheme, lanes, people = []) {
  const scales = new Map(scheme.ratings.map((scale, n) => [scale.id, { scale, n }]));
  const order = new Map(people.map(({ id }, n) => [id, n]));
  const rows = new Map();
  for (const [lane, { ratings = [] }] of lanes.entries()) {
    for (const rating of ratings.filter(({ scale }) => scales.has(scale))) {
      const [answer] = answersOf([rating]).values();
      if (answer == null) continue;
      const key = JSON.stringify([rating.scale, rating.person, rating.segment]);
      if (!rows.has(key)) rows.set(key, { ...rating, ...scales.get(rating.scale), answers: lanes.map(() => null) });
      rows.get(key).answers[lane] = answer;
    }
  }
  const place = ({ segment, person }) => (segment ? [0, ...segment] : person ? [1, order.get(person) ?? order.size, 0] : [2, 0, 0]);
  const sorted = [...rows.values()].sort((a, b) => place(a).map((at, n) => at - place(b)[n]).find(Boolean) ?? a.n - b.n);
  const groups = new Map();
  for (const row of sorted) {
    const name = row.segment ? row.segment.map(clock).join(" – ") : row.person ? personName(people, row.person) : "The whole session";
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push({ scale: row.scale, answers: row.answers });
  }
  return [...groups].map(([name, own]) => ({ name, rows: own }));
}

/** Whether lanes that rated the same gave different answers. */
export function differ({ answers }) {
  const given = answers.filter((answer) => answer != null);
  return given.some((answer) => answer !== given[0]);
}

/** "The same on 3 of 5", of what every lane rated; empty where there is nothing to compare. */
export function alike(groups) {
  const both = groups.flatMap(({ rows }) => rows).filter(({ answers }) => answers.length > 1 && answers.every((answer) => answer != null));
  return both.length ? `The same on ${both.filter((row) => !differ(row)).length} of ${both.length}` : "";
}

/** What the tab of the ratings shows. */
export function ratingsTable(scheme, lanes, people) {
  const groups = ratedGroups(scheme, lanes, people);
  const said = alike(groups);
  const box = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Ratings of all lanes", "data-testid": "review-ratings" });
  if (!groups.length) box.append(h("p", { class: "empty" }, "Nobody rated anything here."));
  for (const { name, rows } of groups) box.append(table(name, rows, lanes, groups.length > 1 || name !== "The whole session"));
  return [said ? h("div", { class: "panel-head" }, h("p", { class: "summary", "data-testid": "ratings-summary" }, said)) : null, box];
}

function table(name, rows, lanes, named) {
  const head = h("tr", {}, h("th", { scope: "col" }, h("span", { class: "vh" }, "Rating")), ...lanes.map(({ label }) => h("th", { scope: "col", dir: "auto" }, label)));
  const body = rows.map((row) => {
    const cells = row.answers.map((answer) => h("td", {}, ...cell(row.scale, answer, lanes.length === 1)));
    const sign = differ(row) ? [h("span", { class: "sign", "aria-hidden": "true" }, "≠ "), h("span", { class: "vh" }, "Differs: ")] : [];
    return h("tr", { class: sign.length ? "differs" : null, "data-scale": row.scale.id }, h("th", { scope: "row", dir: "auto" }, ...sign, row.scale.label), ...cells);
  });
  return h("table", { class: "rated-table" }, h("caption", { class: named ? "whole" : "vh" }, name), h("thead", {}, head), h("tbody", {}, ...body));
}

/** An answer with its anchor: in words where there is room, else for who points at it. */
function cell(scale, answer, roomy) {
  if (answer == null) return [h("span", { "aria-hidden": "true" }, "–"), h("span", { class: "vh" }, "not rated")];
  if (answer === NONE) return [h("span", {}, "no evidence")];
  const words = scale.anchors[answer];
  const value = h("b", { title: roomy ? null : words }, written(scale, answer));
  return roomy && words ? [value, h("span", { class: "words", dir: "auto" }, words)] : [value];
}
