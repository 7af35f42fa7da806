/** Running notes: lines with a time, written without leaving the sound. */

import { button, h, icon, ICONS } from "./dom.js";
import { clock } from "./format.js";
import { newId } from "./ids.js";
import { keycap } from "./keycap.js";

const LONGEST = 2000;
const LEAD_MS = 1000;

/** The operation that keeps a note; empty `text` takes it away. */
export const keep = (note, at_ms, text) => ({ operations: [{ kind: "note", values: { note, at_ms, text } }] });

export class Notes {
  static when = (payload) => payload.mode === "code";

  constructor(room) {
    Object.assign(this, { room, notes: [], rows: new Map() });
    this.acts = { note: () => this.write() };
    this.list = h("ol", { class: "notes-list", "aria-label": "Notes", "data-testid": "notes" });
    this.nothing = h("p", { class: "empty" });
    this.rekeyed();
    this.at = h("span", { class: "note-at" });
    this.field = h("input", { type: "text", class: "field", dir: "auto", "aria-label": "Note at this moment", placeholder: "What comes to mind here", maxlength: LONGEST, autocomplete: "off", "data-testid": "note-field" });
    this.field.addEventListener("focus", () => this.at_ms == null && this.#now());
    this.field.addEventListener("input", () => this.at_ms == null && this.#now());
    this.field.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && !e.isComposing) this.#keep();
      else if (e.key === "Escape") this.#back();
      e.stopPropagation();
    });
    this.writer = h("div", { class: "writer" }, this.at, this.field);
    room.tabs.panel("notes").append(h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Running notes" }, this.nothing, this.list), this.writer);
    this.list.addEventListener("click", (e) => this.#clicked(e));
    this.list.addEventListener("keydown", (e) => this.#edited(e));
    this.list.addEventListener("focusout", (e) => e.target.matches("input") && this.#changed(e.target));
  }

  rekeyed() {
    const key = keycap(this.room.keyOf.get("note"));
    this.nothing.replaceChildren("No notes yet. ", ...(key ? [key, " writes one at this moment; "] : ["Write one below; "]), h("kbd", {}, "Enter"), " keeps it and ", h("kbd", {}, "Esc"), " leads back.");
  }

  /** The field, with the present moment. */
  write() {
    if (!this.room.editable()) return;
    const { tabs } = this.room;
    if (tabs.shown() !== "notes") this.before = tabs.shown();
    tabs.show("notes");
    this.#now();
    this.field.focus();
  }

  update({ content, editable }) {
    if (content.notes === this.notes && editable === this.editable) return;
    Object.assign(this, { notes: content.notes, editable });
    this.room.tabs.label("notes", this.notes.length ? `Notes ${this.notes.length}` : "Notes");
    this.nothing.hidden = this.notes.length > 0;
    this.writer.hidden = !editable;
    for (const [id, row] of this.rows) if (!this.notes.some((n) => n.id === id)) (row.element.remove(), this.rows.delete(id));
    let before = null;
    for (const note of this.notes) {
      const row = this.#row(note);
      const place = before ? before.nextSibling : this.list.firstChild;
      if (row !== place) this.list.insertBefore(row, place);
      before = row;
    }
  }

  #now() {
    this.at_ms = Math.round(this.room.media.now_ms);
    this.at.textContent = clock(this.at_ms);
  }

  #keep() {
    const text = this.field.value.trim();
    if (text && this.room.editable()) this.room.act(keep(newId(), this.at_ms, text));
    this.#back();
  }

  #back() {
    this.field.value = "";
    this.at_ms = null;
    this.at.textContent = "";
    this.field.blur();
    if (this.before) this.room.tabs.show(this.before);
    this.before = null;
  }

  #row(note) {
    const known = this.rows.get(note.id);
    if (known?.note === note && known.editable === this.editable) return known.element;
    const element = known?.element ?? h("li", { class: "note-row", "data-note": note.id });
    const editing = element.querySelector("input:focus");
    if (!editing)
      element.replaceChildren(
        ...[
          button({ class: "note-time", "data-do": "seek", title: "Go there", "aria-label": `Go to ${clock(note.at_ms)}` }, clock(note.at_ms)),
          this.editable ? button({ class: "note-text", "data-do": "edit", dir: "auto", title: "Change" }, note.text) : h("span", { class: "note-text", dir: "auto" }, note.text),
          this.editable ? button({ class: "note-off", "data-do": "delete", "aria-label": `Delete the note at ${clock(note.at_ms)}`, title: "Delete" }, icon(ICONS.bin)) : null,
        ].filter(Boolean),
      );
    this.rows.set(note.id, { element, note, editable: this.editable });
    return element;
  }

  #clicked(e) {
    const what = e.target.closest("[data-do]")?.dataset.do;
    const note = this.#noteOf(e.target);
    const key = this.room.keyName("undo");
    if (!what || !note) return;
    if (what === "seek") this.room.seek(Math.max(0, note.at_ms - LEAD_MS));
    else if (!this.room.editable()) return;
    else if (what === "delete") this.room.act({ ...keep(note.id, note.at_ms, ""), sentence: `Note deleted.${key ? ` ${key} brings it back.` : ""}` });
    else this.#edit(note);
  }

  #edit(note) {
    const input = h("input", { type: "text", class: "field", dir: "auto", "aria-label": `Note at ${clock(note.at_ms)}`, maxlength: LONGEST, autocomplete: "off", "data-testid": "note-edit" });
    input.value = note.text;
    this.rows.get(note.id).element.querySelector(".note-text").replaceWith(input);
    input.focus();
  }

  #edited(e) {
    if (!e.target.matches("input")) return;
    e.stopPropagation();
    if (e.key === "Escape") e.target.value = this.#noteOf(e.target)?.text ?? "";
    if ((e.key === "Enter" && !e.isComposing) || e.key === "Escape") e.target.blur();
  }

  #changed(input) {
    const note = this.#noteOf(input);
    if (!note) return;
    const text = input.value.trim();
    this.rows.get(note.id).note = null;
    queueMicrotask(() => {
      this.#row(note);
      if (text !== note.text && this.room.editable()) this.room.act(keep(note.id, note.at_ms, text));
    });
  }

  #noteOf(node) {
    return this.notes.find((n) => n.id === node.closest("[data-note]")?.dataset.note);
  }
}
