/** What the rater does with the recordings besides play and skip: picture by picture, sound, size of the picture, a link. */

import { clock } from "./format.js";

const SIZES = ["usual", "large"];

export class Playing {
  static when = (payload) => payload.media.kind !== "none";

  constructor(room) {
    this.room = room;
    const { media, timeline } = room;
    media.loudness.boost = room.preferences.volume_boost; // made with the first play, which is a press of a key
    room.transport.changed();
    this.acts = {
      frameBack: () => media.step(-1),
      frameOn: () => media.step(1),
      resume: () => {
        room.seek(Math.max(0, media.now_ms - room.preferences.resume_earlier_ms));
        media.play();
      },
      mute: () => {
        media.mute();
        room.say(media.muted ? "Sound off." : "Sound on.");
      },
      louder: () => {
        room.preferences.set({ volume_boost: media.louder() });
        room.say(media.boost > 1 ? `Sound ${media.boost} times as loud.` : "Sound as recorded.");
      },
      hear: () => {
        if (media.several) room.say(`You hear “${media.hearNext()}”.`);
        else room.say("This session has one recording.");
      },
      picture: () => this.#size(),
      camera: () => room.pictures.next(),
      copyLink: () => this.#copy(),
      zoomChosen: () => {
        const event = room.shownEvents().find((e) => e.id === room.chosen);
        if (!event) return room.say("Choose a code first.");
        timeline.axis.fit(event.start_ms, event.end_ms ?? event.start_ms + 10_000);
        timeline.look(false);
        timeline.draw();
      },
    };
    room.root.dataset.picture = SIZES[0];
  }

  move() {
    this.room.pictures.move();
  }

  preferred(names) {
    if (names.includes("volume_boost")) this.room.media.setBoost(this.room.preferences.volume_boost);
  }

  changed() {
    this.room.pictures.changed();
  }

  #size() {
    const { root } = this.room;
    if (root.dataset.kind !== "video") return this.room.say("This session has no picture.");
    root.dataset.picture = SIZES[(SIZES.indexOf(root.dataset.picture) + 1) % SIZES.length];
    this.room.transport.enlarged(root.dataset.picture !== SIZES[0]);
  }

  async #copy() {
    const ms = this.room.media.now_ms;
    const link = linkTo(location.href, ms);
    const copied = await copy(link, this.room.root);
    this.room.say(copied ? `The link to ${clock(ms)} is copied.` : `This browser does not let the page copy. The link: ${link}`);
  }
}

/** The address of this page at a moment: what it already names, with `t` in seconds. */
export function linkTo(href, ms) {
  const url = new URL(href);
  url.searchParams.set("t", String(Math.round(ms / 100) / 10));
  url.hash = "";
  return url.href;
}

/** By the browser's clipboard; over plain http, where pages have none, by a selected field. */
async function copy(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "vh" });
    const before = root.getRootNode().activeElement;
    root.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus?.();
    return done;
  }
}
