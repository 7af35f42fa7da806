/** What the room consists of beyond its frame: each part is a class in a file of its own.
 *
 * A part is built with the room, once, and may have:
 *   static when(payload)  whether this room has it
 *   acts                  {name: f(event)}: what keys (`keys.js`) and buttons ask for
 *   key(event, name)      takes a key before the room does; true when it took it (and stopped it)
 *   ready()               everything is loaded
 *   renewed(before)       the page gave the same room new data; `before` are those of until now
 *   rekeyed()             the rater changed keys: `room.keyOf` has them
 *   preferred(names)      the rater changed these of `room.preferences` (`preferences.js`: read it, `set({…})`)
 *   update(view)          the coding changed: {content, changed, open, editable, chosen, history}
 *   refusal(kind)         why "code", "boundary" or "rate" may not be done now, in a sentence; see `editable`
 *   move(ms)              the sound is at `ms` (each frame; touch the page only when something differs)
 *   changed()             play, pause, speed, volume
 *   kept(sync)            what is saved, pending or refused changed
 *   reported()            {field: value}: goes to the server with the place where the rater is
 *   arrived(reported)     the server has what the parts reported together
 *   destroy()
 * It uses the room by `payload`, `media`, `waveform`, `lanes`, `transcript`, `ledger`, `tabs`, `say()`, `act()`, `choose()`, `editable()`,
 * `seek()`, `draw()`, and puts its elements where they belong.
 *
 * `content` is kept up to date operation by operation: each event, rating, note … and each list of them that did not
 * change is the very same object as in the last view, so `===` tells whether there is anything to draw.
 * `changed` names the events that did: a Map of event id → {before, after}, null where it was not there or is gone;
 * in the first view these are all events. A view may come with nothing changed in it: then touch nothing.
 */

import { EventKeys } from "./event-keys.js";
import { Hand } from "./hand.js";
import { Inspector } from "./inspector.js";
import { KeysDialog } from "./keys-dialog.js";
import { Loop } from "./loop.js";
import { NotKept } from "./not-kept.js";
import { Notes } from "./notes.js";
import { Palette } from "./palette.js";
import { Passes } from "./passes.js";
import { Playing } from "./playing.js";
import { Ratings } from "./ratings.js";
import { Reading } from "./reading.js";
import { Reopened } from "./reopened.js";
import { Rulings } from "./rulings.js";
import { Settings } from "./settings.js";
import { Submission } from "./submission.js";
import { TakeBack } from "./take-back.js";
import { UnitCoding } from "./unit-coding.js";
import { Walk } from "./walk.js";

/** In the order in which they are built. */
export const PARTS = [Hand, Palette, Inspector, KeysDialog, Settings, EventKeys, Loop, Playing, Reading, UnitCoding, NotKept, Reopened, Passes, Ratings, Notes, Submission, TakeBack, Rulings, Walk];
