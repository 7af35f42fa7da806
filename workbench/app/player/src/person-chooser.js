/** The people of a session over their ratings: who is rated, and who is done. */

import { button, h } from "./dom.js";

export class PersonChooser {
  /** `people`: [{id, label}]; `onChoose(id)`. */
  constructor({ people, onChoose }) {
    this.people = people;
    this.buttons = people.map(({ id, label }) => button({ class: "person", "data-testid": `person-${id}`, onclick: () => onChoose(id) }, h("span", {}, label), h("span", { class: "sign", "aria-hidden": "true" })));
    // one person alone needs no choosing: the ratings say whose they are
    this.element = h("div", { class: "segments persons", hidden: people.length < 2 }, h("h3", { class: "vh" }, "Each person"), h("div", { class: "dots", role: "group", "aria-label": "Persons" }, ...this.buttons));
  }

  /** `person`: whose ratings are shown; `rated(id)` → [how many there are, how many are asked for]. */
  draw(person, rated) {
    this.people.forEach(({ id, label }, n) => {
      const b = this.buttons[n];
      const [done, asked] = rated(id);
      const words = done === asked ? "rated" : done ? `${done} of ${asked} rated` : "not rated";
      b.setAttribute("aria-label", `${label}, ${words}`);
      b.dataset.state = done === asked ? "done" : done ? "some" : "none";
      b.lastChild.textContent = done === asked ? "✓" : done ? "·" : "";
      if (id === person) b.setAttribute("aria-current", "true");
      else b.removeAttribute("aria-current");
    });
  }
}
