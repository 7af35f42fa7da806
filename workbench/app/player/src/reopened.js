/** A submitted coding that is looked at: when it becomes a draft again, or is laid on its recording, the page says so and opens anew. */

import { openJournal } from "./journal.js";
import { count } from "./format.js";

const LOOK_EVERY_MS = 10_000;
const NOTHING_NEW = 10 ** 17; // asks for the state alone
const SHIFTS = new Set(["align", "void"]); // what is written into a coding that was handed in

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
      const { urls, seq } = this.room.payload;
      const response = await fetch(`${urls.operations}${urls.operations.includes("?") ? "&" : "?"}since=${seq ?? NOTHING_NEW}`, { credentials: "same-origin" });
      if (response.ok && !this.room.dead) this.#heard(await response.json());
    } catch {
      // no connection: the next look will tell
    } finally {
      this.asking = false;
    }
  }

  #heard({ state, operations }) {
    const shifted = operations.some((op) => SHIFTS.has(op.kind));
    if (state !== "draft" && !shifted) return;
    this.told = true;
    this.room.say(state === "draft" ? "This coding was opened again." : "Where this coding lies in the recording was changed. The room opens anew.");
    this.room.tellSubmitted();
  }

  destroy() {
    clearInterval(this.timer);
    window.removeEventListener("focus", this.look);
    document.removeEventListener("visibilitychange", this.look);
  }
}
