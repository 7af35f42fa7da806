/** Measuring a rater's reaction lag: eight presses after a flash. Pure but for the clock that is handed in. */

export const TRIALS = 8;
const FASTEST_MS = 100; // quicker was a guess
const SLOWEST_MS = 1500; // slower was a distraction

/** The middle of some numbers; of an even count, between the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (!sorted.length) return null;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** An exercise: `wait()` tells for how long to keep dark, `lit(ms)` that the flash is seen, `press(ms)` what a press means. */
export class LagExercise {
  constructor(random = Math.random) {
    this.random = random;
    this.times = [];
    this.litAt = null;
  }

  get done() {
    return this.times.length >= TRIALS;
  }

  /** Nobody can foresee the flash: 1 to 2.6 s. */
  wait() {
    this.litAt = null;
    return 1000 + Math.round(this.random() * 1600);
  }

  lit(at_ms) {
    this.litAt = at_ms;
  }

  /** {counts, sentence} of a press at `at_ms`. */
  press(at_ms) {
    const took = this.litAt == null ? null : at_ms - this.litAt;
    if (took == null || took < FASTEST_MS) return { counts: false, sentence: "Too early; that one does not count. Wait for the light." };
    if (took > SLOWEST_MS) return { counts: false, sentence: "That one took very long and does not count." };
    this.times.push(took);
    return { counts: true, sentence: this.done ? "" : `${Math.round(took)} ms. ${TRIALS - this.times.length} more.` };
  }

  /** {lag_ms, low, high}: the median to 10 ms, and the quickest and slowest. */
  result() {
    return { lag_ms: Math.round(median(this.times) / 10) * 10, low: Math.round(Math.min(...this.times)), high: Math.round(Math.max(...this.times)) };
  }
}
