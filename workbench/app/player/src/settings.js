/** Settings of the rater: keys, reaction lag, holding, resuming, volume. Each change holds at once and is kept on the server. */

import { openDialog } from "./dialogs.js";
import { button, h, icon } from "./dom.js";
import { keyLabel } from "./format.js";
import { keycap } from "./keycap.js";
import { GROUPS, nameOf } from "./keys.js";
import { LagMeasure } from "./lag-measure.js";
import { LIMITS } from "./preferences.js";
import { isKey, ownKeys, remap, usualKeys } from "./remap.js";

const SLIDERS = "M2.500 4.500h6M12 4.500h1.500M2.500 11.500H4M7.500 11.500h6M8.500 4.500a1.750 1.750 0 1 0 3.500 0 1.750 1.750 0 1 0-3.500 0M4 11.500a1.750 1.750 0 1 0 3.500 0 1.750 1.750 0 1 0-3.500 0";

export class Settings {
  constructor(room) {
    this.room = room;
    this.acts = { settings: () => this.show() };
    this.opener = button({ class: "tool", "aria-label": "Settings", "data-testid": "settings", onclick: () => this.show() }, icon(SLIDERS));
    this.rekeyed();
    room.root.querySelector("[data-testid=keys]").before(this.opener);
  }

  rekeyed() {
    const key = this.room.keyOf.get("settings");
    this.opener.title = key ? `Settings (${keyLabel(key)})` : "Settings";
  }

  show() {
    if (this.dialog?.open) return;
    this.waiting = null;
    this.moved = [];
    this.saved = h("p", { class: "settings-saved", role: "status", "data-testid": "settings-saved" });
    this.told = h("p", { class: "keys-told", role: "status", "data-testid": "keys-told" });
    this.list = h("div", { class: "keys-list" });
    this.back = button({ class: "small", "data-testid": "usual-keys", onclick: () => this.#usual() }, "Back to the scheme’s keys");
    this.search = h("input", { type: "search", class: "field", placeholder: "Search keys", "aria-label": "Search keys", autocomplete: "off" });
    this.search.addEventListener("input", () => this.#filter());
    const coding = this.room.payload.mode === "code";
    this.dialog = openDialog(this.room.root, "Settings", "settings-dialog", [
      h(
        "div",
        { class: "settings" },
        h("div", { class: "settings-side" }, ...(coding ? [this.#lag(), this.#hold()] : []), this.#resume(), this.#volume(), this.saved),
        h("section", { class: "settings-keys", "aria-label": "Keys" }, h("div", { class: "keys-head" }, h("h3", {}, "Keys"), this.back), this.search, this.told, this.list),
      ),
    ]);
    this.dialog.addEventListener("keydown", (e) => this.#typed(e), { capture: true });
    this.dialog.addEventListener("close", () => this.measure?.stop());
    this.#drawKeys();
  }

  // ---- values -----------------------------------------------------------------------------

  #lag() {
    const field = this.#number("lag_ms", "Reaction lag", "ms", 10);
    const place = h("div", { class: "lag-place" });
    const use = (lag_ms) => {
      field.input.value = lag_ms;
      field.input.dispatchEvent(new Event("change"));
    };
    const end = () => {
      place.replaceChildren();
      start.focus();
    };
    const begin = () => {
      this.measure?.stop();
      this.measure = new LagMeasure({ onUse: use, onEnd: end });
      place.replaceChildren(this.measure.element);
      this.measure.start();
    };
    const start = h("button", { type: "button", class: "small", "data-testid": "measure-lag", onclick: begin }, "Measure my lag…");
    return h("section", { class: "setting", "aria-label": "Reaction lag" }, field.row, h("p", { class: "quiet" }, "Taken off the moment of each key while it plays, more at a higher speed; nothing while paused. Kept with each code."), start, place);
  }

  #hold() {
    const { preferences } = this.room;
    const input = h("input", { type: "checkbox", "data-testid": "hold", checked: preferences.hold });
    input.addEventListener("change", () => this.#set({ hold: input.checked }));
    return h("section", { class: "setting", "aria-label": "Holding a key" }, h("label", { class: "check" }, input, h("span", {}, "Holding a key codes a stretch")), h("p", { class: "quiet" }, "A stretch’s key held for 0.6 s or longer ends it when it is let go. A tap begins it, the next tap ends it."));
  }

  #resume() {
    const { row, input } = this.#number("resume_earlier_ms", "Resume earlier by", "s", 0.5, 1000);
    input.dataset.testid = "resume";
    return h("section", { class: "setting" }, row, h("p", { class: "quiet" }, "When you come back, it begins so much before the place where you stopped."));
  }

  #volume() {
    return h("section", { class: "setting" }, this.#number("volume_boost", "Volume boost", "×", 0.5).row, h("p", { class: "quiet" }, "Louder than recorded, for quiet voices."));
  }

  #number(name, label, unit, step, scale = 1) {
    const [low, high] = LIMITS[name];
    const input = h("input", { type: "number", class: "field number", min: low / scale, max: high / scale, step, value: this.room.preferences[name] / scale, "aria-describedby": `unit-${name}`, "data-testid": name.replaceAll("_", "-") });
    const wrong = h("p", { class: "wrong", role: "alert" });
    input.addEventListener("change", () => {
      const value = Number(input.value);
      const fits = input.value !== "" && value * scale >= low && value * scale <= high;
      wrong.textContent = fits ? "" : `${label}: a number from ${low / scale} to ${high / scale}.`;
      input.toggleAttribute("aria-invalid", !fits);
      if (fits) this.#set({ [name]: value * scale });
    });
    return { input, row: h("div", {}, h("label", { class: "number-row" }, h("span", {}, label), input, h("span", { class: "unit", id: `unit-${name}` }, unit)), wrong) };
  }

  async #set(changes) {
    const saved = await this.room.preferences.set(changes);
    this.saved.classList.toggle("refused", !saved);
    this.saved.textContent = saved ? "Saved. These settings follow you to every computer." : this.room.preferences.told;
  }

  // ---- keys -------------------------------------------------------------------------------

  #drawKeys() {
    const { room, moved } = this;
    const { rows } = room.keys;
    this.entries = [];
    this.list.replaceChildren(
      ...GROUPS.map((group) => {
        const own = rows.filter((row) => row.group === group.id);
        if (!own.length) return null;
        const items = own.map((row) => this.#row(row, moved.includes(row.id)));
        return h("section", { class: "keys-set" }, h("h4", {}, group.label), ...items);
      }).filter(Boolean),
    );
    this.back.disabled = !ownKeys(room.payload.scheme, room.preferences.keys);
    this.#filter();
  }

  #row(row, moved) {
    const own = row.own != null && row.keys.includes(row.own);
    const caps = row.keys.length ? row.keys.slice(0, own ? 1 : 2).flatMap((key, i) => (i ? [" or ", keycap(key)] : [keycap(key)])) : [h("span", { class: "nokey" }, "no key")];
    const key = h("button", { type: "button", class: "key-button", "aria-label": `${row.label}: ${row.keys.map(keyLabel).join(" or ") || "no key"}. Change`, "data-testid": `key-${row.id}`, onclick: () => this.#wait(row.id) }, ...caps);
    const element = h("div", { class: `key-line ${moved ? "moved" : ""}` }, h("span", {}, h("bdi", {}, row.label), own ? h("span", { class: "own" }, " yours") : null), key);
    this.entries.push({ row, element, key });
    return element;
  }

  #filter() {
    const wanted = this.search.value.trim().toLocaleLowerCase();
    for (const { row, element } of this.entries) element.hidden = !row.label.toLocaleLowerCase().includes(wanted);
    for (const set of this.list.children) set.hidden = [...set.querySelectorAll(".key-line")].every((line) => line.hidden);
  }

  #wait(id) {
    this.#drawKeys();
    this.waiting = id;
    const { key, row } = this.entries.find((entry) => entry.row.id === id);
    key.replaceChildren(h("span", { class: "press" }, "Press a key"));
    key.focus();
    this.told.textContent = `Press the new key of “${row.label}”. Esc keeps the old one.`;
  }

  #typed(e) {
    if (this.measure?.take(e)) return;
    if (!this.waiting) return;
    const name = nameOf(e);
    if (!isKey(name)) return;
    if (e.repeat) return e.preventDefault(); // Enter still down from the press of the button
    e.preventDefault();
    e.stopImmediatePropagation();
    const id = this.waiting;
    this.waiting = null;
    if (name === "escape") {
      this.told.textContent = "";
    } else {
      const { scheme, mode } = this.room.payload;
      const result = remap(scheme, mode, this.room.preferences.keys, id, name);
      this.told.textContent = result.sentence;
      this.told.classList.toggle("refused", Boolean(result.refused));
      if (!result.refused) {
        this.moved = result.moved;
        if (result.own !== this.room.preferences.keys) this.#set({ keys: result.own });
      }
    }
    this.#drawKeys();
    this.entries.find((entry) => entry.row.id === id)?.key.focus();
  }

  #usual() {
    this.moved = [];
    this.#set({ keys: usualKeys(this.room.payload.scheme, this.room.preferences.keys) });
    this.told.textContent = "All keys are as the scheme and the room have them.";
    this.#drawKeys();
  }
}
