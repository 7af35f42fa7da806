/** What the server refused stays readable, with the reason, until the rater has taken note. */

import { openDialog } from "./dialogs.js";
import { button, h } from "./dom.js";
import { describe } from "./undone.js";

export class NotKept {
  static when = (payload) => payload.mode === "code";

  constructor(room) {
    this.room = room;
    this.element = button({ class: "small not-kept", hidden: true, "data-testid": "not-kept", onclick: () => this.show() });
    room.statusLine.after(this.element);
  }

  kept({ refusals }) {
    const ids = refusals.map((r) => r.operation.id).join();
    if (ids === this.ids) return;
    this.ids = ids;
    this.element.hidden = !refusals.length;
    this.element.textContent = `${refusals.length} not kept`;
  }

  show() {
    const { room } = this;
    const { refusals } = room.sync;
    const rows = refusals.map(({ operation, reason }) => {
      const text = written(operation);
      return h("li", {}, h("b", {}, describe(operation, room.payload.scheme, room.ledger.content().events, room.payload.people) || (operation.kind === "void" ? "an undo" : "a change")), text ? h("q", { dir: "auto" }, text) : null, h("span", {}, reason));
    });
    const forget = h("button", { type: "button", class: "small", "data-testid": "forget-not-kept" }, "I have read this: empty the list");
    const dialog = openDialog(room.root, "Not kept", "not-kept-dialog", [h("p", {}, "The server did not take these. Nothing of them is in your coding."), h("ul", { class: "not-kept-list" }, ...rows), h("p", { class: "not-kept-foot" }, forget)]);
    forget.addEventListener("click", () => {
      room.sync.dismiss(refusals.map((r) => r.operation.id));
      dialog.close();
    });
  }
}

/** What the rater wrote in it, so that it can be read and copied; empty where nothing was written. */
function written({ values }) {
  return [values.text, values.comment, values.question, values.reason, values.value].filter((v) => v != null && v !== "").join(" · ");
}
