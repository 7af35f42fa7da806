/** The bar over the room: what is coded, what was said last, where the work is kept, and the way to hand it in. */

import { apart } from "./direction.js";
import { button, h } from "./dom.js";
import { statusOf } from "./status.js";

const SAID_MS = 9000;

export class Head {
  /** `acts` = {help(), submit()}. */
  constructor({ payload, acts }) {
    const coding = payload.mode === "code";
    const by = payload.team?.length ? ` · coded by ${payload.team.join(" and ")}` : "";
    this.message = h("p", { class: "message", role: "status", "data-testid": "message" });
    this.statusText = h("span", {}, "opening");
    this.statusAct = h("button", { type: "button", class: "small", hidden: true, onclick: () => location.reload() }, "Reload");
    this.statusLine = h("p", { class: "status", "data-testid": "status" }, h("span", { class: "dot", "aria-hidden": "true" }), this.statusText, this.statusAct);
    this.alarm = h("p", { class: "vh", role: "alert" });
    this.submitButton = button({ class: "primary", "data-testid": "submit", onclick: () => acts.submit() }, "Submit…");
    this.element = h(
      "header",
      { class: "bar" },
      h("h2", { dir: "auto", title: payload.session_title }, payload.session_title),
      h("span", { class: "scheme" }, h("bdi", {}, payload.scheme.title), ` ${payload.scheme.version}${by}`),
      this.message,
      coding ? this.statusLine : null,
      this.alarm,
      button({ class: "tool", "aria-label": "Keys", title: "Keys (?)", "data-testid": "keys", onclick: () => acts.help() }, h("kbd", {}, "?")),
      coding ? this.submitButton : null,
    );
  }

  /** A quiet sentence; it stays for a while. */
  say(sentence) {
    this.message.textContent = apart(sentence);
    clearTimeout(this.hush);
    if (sentence) this.hush = setTimeout(() => (this.message.textContent = ""), SAID_MS);
  }

  /** Where the work is, and whether it can be handed in. */
  show({ condition, pending, reason, state, durable }) {
    const { text, tone, act } = statusOf({ condition, pending, reason, durable });
    if (text !== this.statusText.textContent) {
      this.statusText.textContent = text;
      this.statusLine.dataset.tone = tone;
      const alarm = tone === "alarm" ? text.replace(/\d+/g, "").trim() : ""; // a number that changes is no new alarm
      if (alarm !== this.alarmed) this.alarm.textContent = tone === "alarm" ? text : "";
      this.alarmed = alarm;
      this.statusAct.hidden = !act;
      this.statusAct.textContent = act === "sign-in" ? "Sign in" : "Reload";
    }
    this.submitButton.textContent = state === "draft" ? "Submit…" : state === "locked" ? "Locked" : "Submitted";
    this.submitButton.disabled = state !== "draft";
  }

  close() {
    clearTimeout(this.hush);
  }
}
