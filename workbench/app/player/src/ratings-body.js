/** The panel of the ratings: what is rated for each segment, of each person, and once, each under its heading. */

import { h } from "./dom.js";
import { keycap } from "./keycap.js";

/** `cards`: of all scales; `segments`, `persons`: what stands over those that are rated more than once;
 * `unrated`: labels of ratings that this session does not ask for, because whom they are of is not in it. */
export function ratingsBody({ cards, segments, persons, unrated }) {
  const body = h("div", { class: "scroll ratings", tabindex: 0, role: "group", "aria-label": "Ratings", "data-testid": "ratings" });
  const groups = [
    { head: segments, own: cards.filter(({ scale }) => scale.each_segment) },
    { head: persons, own: cards.filter(({ scale }) => scale.people?.length) },
    { head: heading("All of them together"), own: cards.filter(({ scale }) => scale.together) },
    { head: null, own: cards.filter(({ scale }) => !scale.each_segment && !scale.people?.length && !scale.together) },
  ].filter(({ own }) => own.length);
  for (const { head, own } of groups) {
    const over = head ?? (groups.length > 1 ? heading("The whole session") : null);
    body.append(h("div", { class: "rated-group" }, ...[over, ...own.map((card) => card.element)].filter(Boolean)));
  }
  if (unrated.length) body.append(h("p", { class: "unrated" }, `Not rated here: ${unrated.join(", ")}. It is about people who are not in this session.`));
  body.append(cards.length ? hints([cards.some(({ scale }) => scale.each_segment) && "segment", cards.some(({ scale }) => scale.people?.length > 1) && "person"].filter(Boolean)) : h("p", { class: "empty" }, "This scheme asks for no ratings."));
  return body;
}

const heading = (text) => h("h3", { class: "whole" }, text);

const hints = (steps) => h("p", { class: "hints" }, keycap("arrowup"), keycap("arrowdown"), " scale ", keycap("arrowleft"), keycap("arrowright"), keycap("enter"), " or digits rate ", keycap("/"), " no evidence ", ...(steps.length ? [keycap("pagedown"), ` ${steps.join(" or ")} `] : []), h("kbd", {}, "Esc"), " back");
