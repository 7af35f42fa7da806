/** The clock of a live coding, with the face of `Media`: it runs with the world and cannot be wound.
 *
 * It begins with a `clock` operation, so that a reload goes on where the session is. After a stop by
 * mistake it goes on as if it had run: the session did not wait either.
 */

export class LiveClock {
  several = false;
  tracks = [];
  speeds = [1];
  speed = 1;
  volume = 1;
  boost = 1;
  muted = false;
  live = true;

  /** `begin({origin_at, stopped_ms})` writes the operation; null in review, where there is only a place to look at.
   * `times`: {now, wall} for tests. */
  constructor({ media, onChange, begin, times = { now: () => performance.now(), wall: () => Date.now() } }) {
    Object.assign(this, { planned_ms: media.duration_ms ?? 0, onChange, begin, times });
    this.anchor = times.wall() - times.now(); // one look at the computer's clock, which may be set meanwhile
    this.clock = null;
    this.place_ms = 0;
  }

  /** The clock as the coding says it stands: {origin_at, stopped_ms} or null. */
  set(clock) {
    if (clock?.origin_at === this.clock?.origin_at && clock?.stopped_ms === this.clock?.stopped_ms) return;
    this.clock = clock;
    this.onChange();
  }

  get duration_ms() {
    return Math.max(this.planned_ms, this.now_ms);
  }

  get started() {
    return this.clock != null;
  }

  get playing() {
    return this.clock != null && this.clock.stopped_ms == null;
  }

  get now_ms() {
    if (!this.clock) return this.place_ms;
    return this.clock.stopped_ms ?? this.#since(this.times.now());
  }

  at(event) {
    if (!this.playing) return this.now_ms;
    const now = this.times.now();
    return this.#since(event?.timeStamp ? Math.min(now, event.timeStamp) : now);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (this.playing || !this.begin) return;
    this.begin({ origin_at: this.clock?.origin_at ?? Math.round(this.anchor + this.times.now()), stopped_ms: null });
  }

  pause() {
    if (this.playing) this.begin({ origin_at: this.clock.origin_at, stopped_ms: this.now_ms });
  }

  #since(now) {
    return Math.max(0, Math.round(this.anchor + now - this.clock.origin_at));
  }

  seek(ms) {
    if (!this.begin) this.place_ms = Math.max(0, Math.round(ms));
  }

  skip() {}
  beAt() {}
  step() {}
  changeSpeed() {}
  mute() {}
  louder() {}
  setBoost() {}
  hearNext() {}
  destroy() {}
}
