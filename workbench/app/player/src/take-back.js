/** One's own coding after it was handed in: its state, and taking it back as long as that is fair. */

import { button, h } from "./dom.js";

export class TakeBack {
  static when = (payload) => payload.mode === "review" && Boolean(payload.standing?.sentence);

  constructor(room) {
    this.room = room;
    const { sentence, may_take_back } = room.payload.standing;
    this.state = h("span", { class: "handed-in", title: sentence, "data-testid": "handed-in" }, room.payload.state === "locked" ? "Locked" : "Handed in");
    this.back = may_take_back ? button({ class: "small", "data-testid": "take-back", onclick: () => this.#takeBack() }, "Take it back") : null;
    room.root.querySelector(".bar").append(...[this.state, this.back].filter(Boolean));
  }

  async #takeBack() {
    const { room } = this;
    const { urls, csrf } = room.payload;
    this.back.disabled = true;
    try {
      const response = await fetch(urls.take_back, { method: "POST", credentials: "same-origin", headers: { "content-type": "application/json", "x-wb-csrf": csrf }, body: "{}" });
      if (response.ok) return room.tellSubmitted();
      const answer = await response.json().catch(() => ({}));
      room.say(answer.error ?? `The server answered ${response.status}.`);
    } catch {
      room.say("The server does not answer; try again in a moment.");
    }
    this.back.disabled = false;
  }
}
