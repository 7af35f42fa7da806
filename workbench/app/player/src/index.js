/** What Streamlit calls: once when the component appears, and again whenever its data change. */

import { AlignPlayer } from "./align-player.js";
import { Room } from "./room.js";
import { SchemePreview } from "./scheme-preview.js";

const rooms = new WeakMap();
let open = null; // the one room of the page: two would both take the keys while Streamlit puts one in the place of the other

/** What may change without building the room anew. */
const LIVE = ["csrf", "state", "start_ms", "position_ms", "asked", "teach", "preferences", "heard", "walk", "rulings", "shift_ms"];

export default function codingRoom(component) {
  const { parentElement, data } = component;
  const host = parentElement.querySelector("[data-room]") ?? parentElement;
  const shape = shapeOf(data);
  let entry = rooms.get(parentElement);
  if (entry && !entry.room.dead && entry.shape === shape) {
    entry.component = component;
    entry.room.update(data);
  } else {
    entry?.room.destroy();
    if (open !== entry?.room) open?.destroy();
    const made = { shape, component };
    made.room = partFor(data, host, made);
    rooms.set(parentElement, (entry = made));
    open = made.room;
    made.room.start().catch((error) => {
      console.error(error);
      made.room.say("The coding room could not be opened. Reload the page; nothing that you coded is lost.");
    });
  }
  // Streamlit also runs the clean-up of a call that a newer one has superseded: leave only when the host is gone.
  return () =>
    setTimeout(() => {
      const shown = (parentElement.host ?? parentElement).isConnected;
      if (shown || rooms.get(parentElement) !== entry) return;
      rooms.delete(parentElement);
      entry.room.destroy();
    }, 0);
}

function partFor(data, host, made) {
  if (data.mode === "preview") return new SchemePreview(host, data);
  if (data.mode === "align") return new AlignPlayer(host, data, (shift_ms) => made.component.setTriggerValue("here", shift_ms));
  return new Room(host, data, () => made.component.setTriggerValue("submitted", data.coding));
}

function shapeOf(data) {
  if (data.mode === "preview") return data.mode; // a scheme that is being written is drawn anew where it stands
  return JSON.stringify(Object.entries(data).filter(([name]) => !LIVE.includes(name)));
}
