/** What Streamlit calls: once when the component appears, and again whenever its data change. */

import { Room } from "./room.js";

const rooms = new WeakMap();

/** What may change without building the room anew. */
const LIVE = ["csrf", "state", "start_ms", "position_ms", "asked", "teach", "preferences"];

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
    const made = { shape, component };
    made.room = new Room(host, data, () => made.component.setTriggerValue("submitted", data.coding));
    rooms.set(parentElement, (entry = made));
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

function shapeOf(data) {
  return JSON.stringify(Object.entries(data).filter(([name]) => !LIVE.includes(name)));
}
