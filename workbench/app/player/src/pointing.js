/** A press of the pointer followed until it is let go, cancelled or taken back with Escape. */

const STIR = 3; // pixels: less is a click

/** Follow the press `e` on `element`. `act`: {move(event), done(event), click(event), cancel()}; any may lack.
 *
 * `move` begins after a few pixels. Gives {cancel, moved}: let go without effect; whether it is on the move now.
 */
export function follow(element, e, { move, done, click, cancel }) {
  let moved = false;
  const off = new AbortController();
  const { signal } = off;
  const over = (then, event) => {
    off.abort();
    if (element.hasPointerCapture?.(e.pointerId)) element.releasePointerCapture(e.pointerId);
    then?.(event);
  };
  const held = { cancel: () => over(cancel), get moved() { return moved && !signal.aborted; } };
  element.setPointerCapture(e.pointerId);
  const stir = (event) => {
    if (!moved && Math.hypot(event.clientX - e.clientX, event.clientY - e.clientY) < STIR) return;
    moved = true;
    move?.(event);
  };
  element.addEventListener("pointermove", stir, { signal });
  element.addEventListener(
    "pointerup",
    (event) => {
      stir(event); // a busy page may have seen no move on the way
      if (!signal.aborted) over(moved ? done : click, event);
    },
    { signal },
  );
  element.addEventListener("pointercancel", () => held.cancel(), { signal });
  return held;
}
