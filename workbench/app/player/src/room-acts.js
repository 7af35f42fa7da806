/** What keys and buttons of the room itself do: play, go, undo, look closer. Parts add their own acts to these. */

import { nextDisagreement } from "./review-marks.js";
import { tookBack } from "./undone.js";

/** {name: f(event)}; what they use of the room may be built after them. */
export function actsOf(room) {
  const { media } = room;
  const jump = (step) => {
    const start = room.transcript.startOf(step, media.now_ms);
    if (start != null) room.seek(start);
  };
  const skip = (ms) => () => room.seek(media.now_ms + ms);
  const zoom = (factor) => () => room.waveform.zoom(factor);
  return {
    play: () => media.toggle(),
    back5: skip(-5000),
    forward5: skip(5000),
    back1: skip(-1000),
    forward1: skip(1000),
    previous: () => jump(-1),
    following: () => jump(1),
    replay: () => {
      if (media.live) return; // a stopped session would go on
      jump(0);
      media.play();
    },
    slower: () => media.changeSpeed(-1),
    faster: () => media.changeSpeed(1),
    undo: () => takeBack(room, "undo"),
    redo: () => takeBack(room, "redo"),
    next: () => {
      const next = nextDisagreement(room.payload.lanes, { id: room.chosen, at_ms: room.chosenAt });
      if (!next) return room.say("The lanes agree everywhere.");
      room.choose(next.events[0]);
      if (next.again) room.say("That was the last one; the first one again.");
    },
    zoomIn: zoom(1.6),
    zoomOut: zoom(1 / 1.6),
    zoomAll: zoom(0),
  };
}

/** "undo" or "redo" the last act. */
function takeBack(room, which) {
  if (!room.editable()) return;
  const { ledger, payload } = room;
  const ids = ledger.history()[which];
  if (!ids.length) return room.say(which === "undo" ? "Nothing to undo." : "Nothing to redo.");
  const meant = (op) => (op?.kind === "void" ? meant(ledger.get(op.target)) : op);
  const operations = ids.map((id) => meant(ledger.get(id))).filter(Boolean);
  const sentence = tookBack(which, operations, payload.scheme, ledger.content().events, payload.people);
  room.act({ operations: ids.map((target) => ({ kind: "void", target })), sentence });
}
