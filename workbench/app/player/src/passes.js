/** The passes of a scheme that asks for an order, as a quiet bar of steps: where the rater is, and what it asks. */

import { button, h } from "./dom.js";
import { clock } from "./format.js";
import { Heard, recall, remember } from "./heard.js";
import { keycap } from "./keycap.js";
import { canFinish, currentPass, finish, PASSES, refusal } from "./pass-rules.js";

const KEEP_EVERY_MS = 5000;
const ALL = 0.995;

export class Passes {
  static when = (payload) => payload.mode === "code" && (payload.scheme.passes ?? []).length > 0;

  constructor(room) {
    const { scheme, coding, heard } = room.payload;
    Object.assign(this, { room, passes: scheme.passes, finished: [], shown: null, keptAt: 0, heard: recall(coding, heard), told: new Heard(heard) });
    this.acts = { finishPass: () => this.#finish() };
    this.steps = new Map(this.passes.map((pass) => [pass, this.#step(pass)]));
    this.ask = h("p", { class: "pass-ask", role: "status" });
    this.share = h("span", { class: "heard", "data-testid": "heard-share" });
    this.act = button({ class: "small", "data-testid": "finish-pass", onclick: () => this.#finish() });
    const list = h("ol", {}, ...[...this.steps.values()].map(({ item }) => item));
    this.element = h("nav", { class: "passes", "aria-label": "Passes", "data-testid": "passes" }, list, this.ask, this.share, this.act);
    room.root.querySelector(".bar").after(this.element);
  }

  /** Whether the pass at hand still has to be finished before the coding can be submitted. */
  get unfinished() {
    const now = currentPass(this.passes, this.finished);
    return canFinish(this.passes, now) && !this.finished.includes(now) ? now : null;
  }

  refusal(kind) {
    return refusal(kind, this.passes, this.finished, this.room.keyName("submit"));
  }

  update({ content, editable }) {
    if (content.passes === this.finished && editable === this.editable) return;
    const before = currentPass(this.passes, this.finished);
    Object.assign(this, { finished: content.passes, editable });
    const now = currentPass(this.passes, this.finished);
    if (now !== before) {
      this.shown = null;
      if (this.loaded) this.#arrive(now);
    }
    this.#draw();
  }

  rekeyed() {
    this.drawn = "";
    this.#draw();
  }

  ready() {
    this.loaded = true;
    if (currentPass(this.passes, this.finished) === "rate") this.#arrive("rate");
    this.#draw();
  }

  move(ms) {
    const before = this.lastMs ?? ms;
    this.lastMs = ms;
    if (!this.room.media.playing || !this.passes.includes("listen")) return;
    this.heard.mark(before, ms);
    const now = performance.now();
    if (now - this.keptAt < KEEP_EVERY_MS) return;
    this.keptAt = now;
    this.#keep();
  }

  changed() {
    if (!this.room.media.playing) this.#keep();
  }

  /** What was heard goes with the place that is reported, as far as the server was not told yet: another computer goes on from there. */
  reported() {
    const news = this.passes.includes("listen") ? this.heard.beyond(this.told) : [];
    return news.length ? { heard: news } : {};
  }

  arrived({ heard = [] }) {
    this.told.add(heard);
  }

  destroy() {
    this.#keep();
  }

  #keep() {
    if (!this.passes.includes("listen")) return;
    remember(this.room.payload.coding, this.heard);
    this.#draw();
  }

  #finish() {
    const pass = this.shown ?? currentPass(this.passes, this.finished);
    if (!canFinish(this.passes, pass) || !this.room.editable()) return;
    const done = !this.finished.includes(pass);
    const next = this.passes[this.passes.indexOf(pass) + 1];
    const { label } = PASSES[pass];
    this.shown = null;
    this.room.act({ ...finish(pass, done), sentence: done ? `${label}: finished. Now: ${PASSES[next].label}.` : `${label}: open again.` });
  }

  #arrive(pass) {
    if (pass === "rate") this.room.tabs.show("ratings");
    else if (pass === "code") this.room.tabs.show("events");
  }

  #step(pass) {
    const { label } = PASSES[pass];
    const sign = h("span", { class: "step-sign", "aria-hidden": "true" }, String(this.passes.indexOf(pass) + 1));
    const state = h("span", { class: "vh" });
    const b = button({ class: "step", "data-testid": `pass-${pass}`, onclick: () => this.#visit(pass) }, sign, label, state);
    return { item: h("li", {}, b), b, sign, state };
  }

  /** Look at another pass: what it asks, and whether to open or finish it. */
  #visit(pass) {
    this.shown = pass === currentPass(this.passes, this.finished) ? null : pass;
    this.#arrive(pass);
    this.#draw();
  }

  #draw() {
    const now = currentPass(this.passes, this.finished);
    const shown = this.shown ?? now;
    const share = this.passes.includes("listen") ? this.heard.share(this.room.payload.windows) : 1;
    const signature = JSON.stringify([this.finished, shown, now, this.editable, Math.floor(share * 100)]);
    if (signature === this.drawn) return;
    this.drawn = signature;
    this.passes.forEach((pass, n) => {
      const { b, sign, state } = this.steps.get(pass);
      const done = this.finished.includes(pass);
      sign.textContent = done ? "✓" : String(n + 1);
      state.textContent = done ? ", finished" : pass === now ? ", now" : ", later";
      b.dataset.state = done ? "done" : pass === now ? "now" : "later";
      if (pass === shown) b.setAttribute("aria-current", "step");
      else b.removeAttribute("aria-current");
    });
    const done = this.finished.includes(shown);
    this.ask.textContent = done ? (shown === "unitize" ? "Finished; the boundaries are locked." : "Finished.") : PASSES[shown].ask;
    const listening = shown === "listen";
    this.share.hidden = !listening;
    if (listening) {
      const left = this.heard.firstUnheard(this.room.payload.windows);
      this.share.textContent = share >= ALL ? "All of it heard" : `${Math.floor(share * 100)} % heard`;
      this.share.title = left == null ? "" : `Not heard yet from ${clock(left)} on`;
    }
    this.act.hidden = !this.editable || !canFinish(this.passes, shown) || (shown !== now && !done);
    this.act.replaceChildren(...(done ? ["Open again"] : [PASSES[shown].done, " ", keycap(this.room.keyOf.get("submit"))].filter(Boolean)));
  }
}
