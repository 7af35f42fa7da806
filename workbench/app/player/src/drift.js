/** Keeping a further recording of the session beside the one that leads. Pure; milliseconds. */

const STILL_MS = 8; // nothing to mend
const JUMP_MS = 80; // more than a change of speed can mend unheard
const MEND_IN_MS = 1200;
const MOST = 0.06;

/** What to do about a recording that is `drift_ms` ahead (negative: behind): {seek} or {rate}, as a factor of the speed. */
export function mend(drift_ms) {
  const off = Math.abs(drift_ms);
  if (off > JUMP_MS) return { seek: true };
  if (off <= STILL_MS) return { rate: 1 };
  const by = Math.min(MOST, off / MEND_IN_MS);
  return { rate: drift_ms > 0 ? 1 - by : 1 + by };
}

/** Whether a recording that lies `offset_ms` later than the session has anything at `now_ms`. */
export function runsAt(now_ms, { offset_ms, duration_ms }) {
  const own = now_ms - offset_ms;
  return own >= 0 && (!duration_ms || own < duration_ms);
}
