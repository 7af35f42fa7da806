/** How long a picture of the video lasts, learned from the pictures that were shown. Pure. */

export const STEP_MS = 40; // sound alone, and pictures until their rate is known
const KEPT = 31;
const LONGEST_MS = 600; // between two pictures; more is a seek or a stall

export class FrameRate {
  #gaps = [];
  #last = null;

  /** A picture of media time `at_ms` was shown. */
  see(at_ms) {
    const gap = this.#last == null ? 0 : at_ms - this.#last;
    this.#last = at_ms;
    if (gap <= 0.5 || gap > LONGEST_MS) return;
    this.#gaps.push(gap);
    if (this.#gaps.length > KEPT) this.#gaps.shift();
  }

  /** The media jumped: the next gap tells nothing. */
  jump() {
    this.#last = null;
  }

  /** Milliseconds of one picture, or null before enough were seen. The lower quartile: players drop pictures, they add none. */
  get frame_ms() {
    if (this.#gaps.length < 5) return null;
    return [...this.#gaps].sort((a, b) => a - b)[this.#gaps.length >> 2];
  }
}

/** Where to go for the next (+1) or the previous (-1) picture, when that of `shown_ms` is on screen. */
export function beside(shown_ms, frame_ms, step) {
  // a little into the picture: at its exact beginning rounding would show the one before, and from its
  // middle on browsers show the one after
  return Math.max(0, shown_ms + step * frame_ms + Math.min(2, frame_ms / 4));
}
