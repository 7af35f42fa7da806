/** A submitted coding that is looked at: when it becomes a draft again, the page says so without a reload. */

import { openJournal } from "./journal.js";
import { count } from "./format.js";

const LOOK_EVERY_MS = 10_000;
const NOTHING_NEW = 10 ** 17; // asks for the state alone

export class Reopened {
  static when = (payload) => payload.mode === "review" && Boolean(payload.urls.operations) && Boolean(payload.rater);

  constructor(room) {
    this.room = room;
    this.look = () => document.visibilityState === "visible" && this.#ask();
    this.timer = setInterval(this.look, LOOK_EVERY_MS);
    window.addEventListener("focus", this.look);
    document.addEventListener("visibilitychange", this.look);
  }

  /** Codes that reached no server before the submission are told: they are not gone. */
  async ready() {
    const { rater, coding } = this.room.payload;
    const journal = await openJournal();
    const left = (await journal.entries(rater, coding).catch(() => [])).filter((e) => e.refused == null);
    journal.close();
    if (left.length && !this.room.dead) this.room.say(`${count(left.length, "change")} made on this computer came too late for the submission; they are kept here and go in when the coding is opened again.`);
  }

  async #ask() {
    if (this.asking || this.told) return;
    this.asking = true;
    try {
      const { operations } = this.room.payload.urls;
      const response = await fetch(`${operations}${operations.includes("?") ? "&" : "?"}since=${NOTHING_NEW}`, { credentials: "same-origin" });
      if (response.ok && (await response.json()).state === "draft" && !this.room.dead) {
        this.told = true;
        this.room.say("This coding was opened again.");
        this.room.tellSubmitted();
      }
    } catch {
      // no connection: the next look will tell
    } finally {
      this.asking = false;
    }
  }

  destroy() {
    clearInterval(this.timer);
    window.removeEventListener("focus", this.look);
    document.removeEventListener("visibilitychange", this.look);
  }
}
