/** Rulings of the scheme: what is new when the room opens, what was decided beside a code's meaning, and making one. */

import { openDialog } from "./dialogs.js";
import { dirOf } from "./direction.js";
import { button, h } from "./dom.js";
import { count } from "./format.js";
import { keycap } from "./keycap.js";
import { RulingForm } from "./ruling-form.js";
import { changed, headline, matching, of, standing } from "./ruling-texts.js";

export class Rulings {
  static when = (payload) => Boolean(payload.rulings);

  constructor(room) {
    this.room = room;
    this.acts = { rulings: () => this.show(), rule: () => this.make() };
    this.opener = button({ class: "small rulings-opener", "data-testid": "rulings", onclick: () => this.show() });
    this.maker = button({ class: "small", "data-testid": "make-ruling", hidden: !this.#given.may_make, onclick: () => this.make() }, "Make a ruling");
    room.root.querySelector("[data-testid=keys]").before(this.opener, this.maker);
    room.meaning.more = (code) => this.#beside(code);
    this.form = this.#given.may_make ? new RulingForm(room, (made) => this.#made(made)) : null;
    this.#said();
  }

  get #given() {
    return this.room.payload.rulings;
  }

  /** Everything is loaded: say what is new. While a session is coded live nothing stands before it. */
  ready() {
    const { room } = this;
    if (room.coding && room.sync?.state === "draft" && !room.payload.live && changed(this.#given.list).length) this.news();
  }

  renewed(before) {
    if (JSON.stringify(before.rulings) === JSON.stringify(this.#given)) return;
    this.#said();
  }

  // ---- what is new ------------------------------------------------------------------------

  news() {
    const found = changed(this.#given.list);
    const said = h("p", { class: "wrong", role: "alert" });
    const read = h("button", { type: "button", class: "primary", "data-testid": "rulings-read" }, "I have read this ", keycap("enter"));
    const again = found.length === 1 ? "It comes again when you next open a session, until you have read it." : "They come again when you next open a session, until you have read them.";
    const lead = `Decided since you last looked. ${again}`;
    const dialog = openDialog(this.room.root, headline(found), "rulings-news", [h("p", { class: "quiet" }, lead), this.#listed(found), said], read);
    // Space is pressed to play as soon as a room is open: it must not mean "read"
    const body = dialog.querySelector(".dialog-body");
    body.tabIndex = 0;
    body.focus();
    body.addEventListener("keydown", (e) => e.key === "Enter" && !e.target.closest("a") && read.click());
    read.addEventListener("click", async () => {
      read.disabled = true;
      said.textContent = await this.#send(`${this.#base}/seen`, { rulings: found.map(({ id, version }) => ({ id, version })) });
      read.disabled = false;
      if (said.textContent) return;
      for (const ruling of found) ruling.change = "";
      this.#given.list = this.#given.list.filter((ruling) => !ruling.withdrawn);
      this.#said();
      dialog.close();
    });
    return dialog;
  }

  // ---- all of them ------------------------------------------------------------------------

  show() {
    if (this.dialog?.open) return;
    if (changed(this.#given.list).length) return void (this.dialog = this.news());
    const held = standing(this.#given.list);
    const place = h("div", {});
    const draw = (text) => place.replaceChildren(this.#listed(matching(held, text), held.length ? "No ruling says this." : "No ruling has been made on this scheme."));
    const search = h("input", { type: "search", class: "field", dir: "auto", placeholder: "Search rulings", "aria-label": "Search rulings", autocomplete: "off", "data-testid": "rulings-search" });
    search.addEventListener("input", () => draw(search.value));
    draw("");
    this.dialog = openDialog(this.room.root, `Rulings on ${this.room.payload.scheme.title}`, "rulings-dialog", [held.length ? h("div", { class: "rulings-head" }, search) : null, place]);
  }

  make() {
    if (this.form) this.form.open();
    else this.room.say("Supervisors and researchers make rulings.");
  }

  #made(made) {
    this.#given.list = [...made, ...this.#given.list];
    this.#said();
    this.room.say("Ruling kept. Raters see it when they next open a session.");
  }

  // ---- drawing ----------------------------------------------------------------------------

  get #base() {
    return this.#given.url.slice(0, this.#given.url.lastIndexOf("/"));
  }

  #said() {
    const fresh = changed(this.#given.list).length;
    const n = standing(this.#given.list).length;
    this.opener.textContent = fresh ? headline(changed(this.#given.list)) : n ? count(n, "ruling") : "Rulings";
    this.opener.classList.toggle("fresh", fresh > 0);
    this.room.meaning.again();
    this.room.ratings?.tell((scale, open) => this.#folded(scale, open));
    this.rekeyed();
  }

  rekeyed() {
    const hint = (words, act) => [words, this.room.keyName(act)].filter(Boolean).join(" – ");
    this.opener.title = hint("What meetings decided about cases that the scheme leaves open", "rulings");
    this.maker.title = hint("Decide a case that the scheme leaves open, at this moment", "rule");
  }

  /** The rulings of a code, for where it says what it means. */
  #beside(code) {
    const found = of(this.#given.list, code.id, false);
    return found.length ? [h("p", { class: "rulings-name" }, found.length === 1 ? "Ruling" : `${found.length} rulings`), this.#listed(found, "", false)] : [];
  }

  /** The rulings of a rating: a line that opens them, so that they do not push its values out of sight. */
  #folded(scale, open) {
    const found = of(this.#given.list, scale.id, true);
    return found.length ? [h("details", { class: "rulings-fold", open, "data-testid": `rulings-of-${scale.id}` }, h("summary", {}, count(found.length, "ruling")), this.#listed(found, "", false))] : [];
  }

  #listed(found, nothing = "", named = true) {
    if (!found.length) return h("p", { class: "empty" }, nothing);
    return h("ul", { class: "rulings", "data-testid": "rulings-list" }, ...found.map((ruling) => this.#row(ruling, named)));
  }

  #row(ruling, named) {
    const { label, date, question, decision, example, where, clip, change, withdrawn, taken_out } = ruling;
    const more = { new: "new", corrected: "corrected", withdrawn: "withdrawn" }[change];
    return h(
      "li",
      { class: `ruling ${withdrawn ? "withdrawn" : ""}`, "data-ruling": ruling.id },
      h("p", { class: "ruling-about" }, named ? h("b", { dir: dirOf(label) }, label) : null, h("span", { class: "quiet" }, date), more ? h("span", { class: "ruling-change" }, more) : null),
      h("p", { class: "ruling-question", dir: "auto" }, question),
      h("p", { class: "ruling-decision", dir: "auto" }, decision),
      withdrawn ? h("p", { class: "ruling-withdrawn", dir: "auto" }, `Withdrawn: ${withdrawn}`) : null,
      example ? h("p", { class: "quiet", dir: "auto" }, example) : null,
      taken_out ? h("p", { class: "quiet", "data-testid": "ruling-taken-out" }, taken_out) : null,
      clip ? h("p", {}, h("a", { href: clip, target: "_blank", rel: "noopener", "data-testid": "ruling-clip" }, `Play the clip: ${where}`)) : null,
    );
  }

  /** Nothing, or one sentence why the server did not take it. */
  async #send(url, body) {
    try {
      const headers = { "content-type": "application/json", "x-wb-csrf": this.room.payload.csrf };
      const response = await fetch(url, { method: "POST", credentials: "same-origin", headers, body: JSON.stringify(body) });
      if (response.ok) return "";
      const answer = await response.json().catch(() => ({}));
      return answer.error ?? `The server answered ${response.status}.`;
    } catch {
      return "The server does not answer; try again in a moment.";
    }
  }
}
