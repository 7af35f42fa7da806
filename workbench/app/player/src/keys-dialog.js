/** Every key of this room, grouped, with a search over what the keys do. */

import { openDialog } from "./dialogs.js";
import { h } from "./dom.js";
import { keycap } from "./keycap.js";
import { GROUPS } from "./keys.js";

export class KeysDialog {
  constructor(room) {
    this.room = room;
    this.acts = { help: () => this.show() };
  }

  show() {
    const { root, keys } = this.room;
    const groups = GROUPS.map((group) => this.#group(group, keys.rows.filter((row) => row.group === group.id && row.keys.length))).filter(Boolean);
    const nothing = h("p", { class: "empty", hidden: true, role: "status" }, "No key does that.");
    const search = h("input", { type: "search", class: "field", placeholder: "Search keys", "aria-label": "Search keys", autofocus: true, autocomplete: "off", "data-testid": "search-keys" });
    search.addEventListener("input", () => {
      const wanted = search.value.trim().toLocaleLowerCase();
      for (const group of groups) {
        for (const row of group.rows) row.element.hidden = !row.text.includes(wanted);
        group.element.hidden = group.rows.every((row) => row.element.hidden);
      }
      nothing.hidden = groups.some((group) => !group.element.hidden);
    });
    openDialog(root, "Keys", "keys-dialog", [search, h("div", { class: "key-groups" }, ...groups.map((group) => group.element)), nothing]);
  }

  #group({ label }, rows) {
    if (!rows.length) return null;
    const shown = rows.map((row) => ({
      text: `${row.label} ${label}`.toLocaleLowerCase(),
      element: h("div", { class: "key-row" }, h("dt", {}, ...row.keys.flatMap((key, i) => (i ? [" or ", keycap(key)] : [keycap(key)]))), h("dd", { dir: "auto" }, row.label)),
    }));
    return { rows: shown, element: h("section", { class: "key-group" }, h("h3", {}, label), h("dl", {}, ...shown.map((row) => row.element))) };
  }
}
