/** What the room consists of beyond its frame: each part is a class in a file of its own.
 *
 * A part is built with the room, once, and may have:
 *   static when(payload)  whether this room has it
 *   acts                  {name: f(event)}: what keys (`keys.js`) and buttons ask for
 *   key(event, name)      takes a key before the room does; true when it took it (and stopped it)
 *   ready()               everything is loaded
 *   rekeyed()             the rater changed keys: `room.keyOf` has them
 *   update(view)          the coding changed: {content, open, editable, chosen, history}
 *   move(ms)              the sound is at `ms` (each frame; touch the page only when something differs)
 *   changed()             play, pause, speed, volume
 *   destroy()
 * It uses the room by `payload`, `media`, `waveform`, `lanes`, `transcript`, `ledger`, `tabs`, `say()`, `act()`, `choose()`, `editable()`,
 * `seek()`, `draw()`, and puts its elements where they belong.
 */

import { Inspector } from "./inspector.js";
import { KeysDialog } from "./keys-dialog.js";

/** In the order in which they are built. */
export const PARTS = [Inspector, KeysDialog];
