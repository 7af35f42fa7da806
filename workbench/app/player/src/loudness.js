/** Louder than the recording: the browser's own sound graph with a limiter, made on first use only.
 *
 * An element that went through the graph once stays in it, so a boost of 1 leaves it at 1. Before the
 * first boost the page plays the elements plainly and needs none of this.
 */

export const BOOSTS = [1, 1.5, 2, 3, 4, 6];

export class Loudness {
  constructor(elements, onTrouble) {
    Object.assign(this, { elements, onTrouble, boost: 1 });
  }

  /** Within a press of a key or a button: browsers give sound to acts of people only. */
  set(boost) {
    this.boost = boost;
    if (boost > 1) this.wake();
    if (this.gain) this.gain.gain.value = boost;
  }

  /** At each start: make the graph if a boost waits for it, and let it run. */
  wake() {
    if (this.boost > 1 && !this.context) this.#build();
    if (this.context?.state === "suspended") this.context.resume().catch(() => {});
  }

  #build() {
    try {
      const context = new AudioContext();
      const gain = context.createGain();
      const limiter = new DynamicsCompressorNode(context, { threshold: -8, knee: 6, ratio: 20, attack: 0.002, release: 0.12 });
      const roof = new WaveShaperNode(context, { curve: softRoof() });
      gain.connect(limiter).connect(roof).connect(context.destination);
      gain.gain.value = this.boost;
      for (const element of this.elements()) context.createMediaElementSource(element).connect(gain);
      Object.assign(this, { context, gain });
    } catch {
      this.boost = 1;
      this.onTrouble("This browser cannot make the recording louder than it is.");
    }
  }

  destroy() {
    this.context?.close().catch(() => {});
  }
}

/** Straight up to 0.8 of full scale, bent above it: what the limiter is too slow for does not clip. */
export function softRoof(n = 2049) {
  const curve = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const x = (2 * i) / (n - 1) - 1;
    const over = Math.abs(x) - 0.8;
    curve[i] = Math.sign(x) * (over <= 0 ? Math.abs(x) : 0.8 + 0.2 * Math.tanh(over / 0.2));
  }
  return curve;
}
