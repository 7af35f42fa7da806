/** The list of coded events. */

import { button, h, reveal, safeColour } from "./dom.js";
import { clock, clockTenths } from "./format.js";
import { codeOf } from "./coding.js";

export class EventsPanel {
  constructor({ scheme, onChoose }) {
    Object.assign(this, { scheme, onChoose });
    this.rows = new Map();
    this.list = h("ol", { class: "events", "aria-label": "Coded events", "data-testid": "events" });
    this.nothing = h("p", { class: "empty" }, "No codes yet. Play, and press a code’s key at the moment it happens.");
    this.box = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Events" }, this.nothing, this.list);
    this.element = h("div", { class: "tabbed events-panel" }, this.box);
    this.list.addEventListener("click", (e) => {
      const row = e.target.closest("[data-event]");
      if (row) this.onChoose(this.byId.get(row.dataset.event));
    });
  }

  update(events, chosen) {
    this.byId = new Map(events.map((e) => [e.id, e]));
    for (const [id, row] of this.rows) {
      if (!this.byId.has(id)) {
        row.element.remove();
        this.rows.delete(id);
      }
    }
    let previous = null;
    for (const event of events) {
      const row = this.#row(event, event.id === chosen);
      const place = previous ? previous.nextSibling : this.list.firstChild;
      if (row !== place) this.list.insertBefore(row, place);
      previous = row;
    }
    this.nothing.hidden = events.length > 0;
    const now = this.byId.get(chosen);
    if (now && now.id !== this.chosen?.id) requestAnimationFrame(() => this.#reveal(now.id));
    this.chosen = now;
  }

  #reveal(id) {
    const row = this.rows.get(id)?.element;
    if (row) reveal(this.box, row, { share: 0.6 });
  }

  #row(event, chosen) {
    const signature = JSON.stringify([event, chosen]);
    const known = this.rows.get(event.id);
    if (known?.signature === signature) return known.element;
    const code = codeOf(this.scheme, event.code);
    const state = code.kind === "state";
    const until = event.end_ms != null ? ` – ${clock(event.end_ms)}` : state ? " – open" : "";
    const element = known?.element ?? h("li", {});
    element.replaceChildren(
      button(
        { class: "event", style: { "--code": safeColour(code.colour) }, "data-event": event.id, "data-testid": "event", "data-code": code.id, "aria-current": chosen ? "true" : null },
        h("span", { class: `shape ${code.kind}`, "aria-hidden": "true" }),
        h("span", { class: "when" }, clockTenths(event.start_ms), h("span", { class: "until" }, until)),
        h("span", { class: "name" }, code.label),
        event.unsure ? h("span", { class: "flag" }, "? unsure") : null,
        event.comment ? h("span", { class: "note" }, event.comment) : null,
      ),
    );
    this.rows.set(event.id, { element, signature });
    return element;
  }
}
