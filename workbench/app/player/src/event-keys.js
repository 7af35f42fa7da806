/** Keys while the keyboard is in the list of events, and Escape while an event is dragged. */

export class EventKeys {
  static when = (payload) => payload.mode === "code";

  constructor(room) {
    this.room = room;
  }

  key(event, name) {
    const taken = name === "escape" ? this.room.timeline.cancel() : this.room.events.key(name);
    if (!taken) return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    return true;
  }
}
