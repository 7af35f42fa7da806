/** The chosen code: what it says, and every way to change it. */

import { button, h, icon, ICONS } from "./dom.js";
import { clockTenths } from "./format.js";
import * as coding from "./coding.js";
import { keycap } from "./keycap.js";

export class Inspector {
  static when = (payload) => payload.mode === "code";

  constructor(room) {
    this.room = room;
    this.acts = {
      unsure: () => this.#chosen((event) => room.act(coding.amend(event, { unsure: !event.unsure }))),
      delete: () => this.#chosen((event) => room.act(coding.remove(event, room.payload.scheme))),
      comment: () => {
        room.tabs.show("events");
        this.#chosen(() => {
          this.asked = true; // a code just made is drawn a moment later
          this.#write();
        });
      },
    };
    this.unsure = button({ class: "small", "aria-pressed": "false", "data-testid": "unsure", onclick: this.acts.unsure }, "Unsure ", keycap(room.keyOf.get("unsure")));
    this.bin = button({ class: "small", "aria-label": "Delete", title: "Delete (Del)", "data-testid": "delete", onclick: this.acts.delete }, icon(ICONS.bin));
    this.comment = h("input", { type: "text", class: "comment", "aria-label": "Comment on the chosen code", placeholder: "Comment", maxlength: 2000, autocomplete: "off", "data-testid": "comment" });
    this.comment.addEventListener("change", () => this.#say(this.comment.value.trim()));
    this.comment.addEventListener("keydown", (e) => {
      if (e.key === "Escape") this.comment.value = this.event?.comment ?? "";
      if (e.key === "Enter" || e.key === "Escape") this.comment.blur();
      e.stopPropagation();
    });
    this.title = h("span", { class: "chosen-title" });
    this.element = h("div", { class: "inspector", role: "group", "aria-label": "Chosen code", hidden: true }, this.title, h("div", { class: "inspector-row" }, this.comment, this.unsure, this.bin));
    room.events.element.append(this.element);
  }

  update({ content, chosen, editable }) {
    const event = content.events.find((e) => e.id === chosen);
    this.element.hidden = !event || !editable;
    if (!event) return void (this.event = null);
    this.title.textContent = `${clockTenths(event.start_ms)} ${coding.codeOf(this.room.payload.scheme, event.code).label}`;
    this.unsure.setAttribute("aria-pressed", String(event.unsure));
    const typing = this.comment.matches(":focus");
    if (!typing || this.event?.id !== event.id) this.comment.value = event.comment;
    this.event = event;
    this.#write();
  }

  #write() {
    if (!this.asked || this.event?.id !== this.room.chosen) return;
    this.asked = false;
    this.comment.focus();
  }

  #chosen(then) {
    const { room } = this;
    const event = room.ledger.content().events.find((e) => e.id === room.chosen);
    if (!event) return room.say("Choose a code in the list first.");
    if (room.editable()) then(event);
  }

  #say(comment) {
    const event = this.room.ledger.content().events.find((e) => e.id === this.event?.id);
    if (event && event.comment !== comment && this.room.editable()) this.room.act(coding.amend(event, { comment }));
  }
}
