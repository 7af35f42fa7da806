/* Places a recording beside the main one: both play together, their waveforms lie one under the other, and the
   offset is set by hand or found by the server from the sound. Nothing is kept before "Save". */
(() => {
  const card = document.getElementById("place");
  const { recording, main: mainId, csrf } = card.dataset;
  const field = document.getElementById("offset");
  const label = document.getElementById("label");
  const said = card.querySelector(".said");
  const alarm = card.querySelector(".alert");
  const save = card.querySelector(".save");
  const main = card.querySelector("video.main, audio.main");
  const other = card.querySelector("video.other, audio.other");
  const canvas = card.querySelector("canvas");
  const AROUND_MS = 6000; // what the waveforms show before and after the present moment
  const TOLERATED_MS = 40; // further apart than this is heard as an echo
  const PEAKS_PER_SECOND = 50;
  const HEADER_BYTES = 16;

  const clock = (ms) => {
    const s = Math.floor(ms / 1000);
    const minutes = `${Math.floor(s / 60) % 60}`.padStart(s >= 3600 ? 2 : 1, "0");
    return `${s >= 3600 ? `${Math.floor(s / 3600)}:` : ""}${minutes}:${`${s % 60}`.padStart(2, "0")}`;
  };
  const offset = () => Math.round(Number(field.value || 0) * 1000);

  async function ask(url, body = {}) {
    alarm.hidden = true;
    const headers = { "x-wb-csrf": csrf, "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", credentials: "same-origin", headers, body: JSON.stringify(body) });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error([answer.error, ...(answer.problems ?? [])].join(" ") || "The server refused this.");
    return answer;
  }

  function complain(error) {
    alarm.textContent = error.message;
    alarm.hidden = false;
    said.textContent = "";
  }

  // ---- what is set --------------------------------------------------------------------------

  function set(ms) {
    field.value = (ms / 1000).toFixed(3).replace(/0$/, "");
    moved();
  }

  function moved() {
    save.textContent = "Save";
    place(true);
    draw();
  }

  field.addEventListener("input", moved);
  label.addEventListener("input", () => (save.textContent = "Save"));
  for (const nudge of card.querySelectorAll(".nudges button")) nudge.addEventListener("click", () => set(offset() + Number(nudge.dataset.ms)));

  const at = `/wb/recordings/${recording}/place`;
  card.querySelector(".find").addEventListener("click", async (event) => {
    event.currentTarget.disabled = true;
    said.textContent = "Comparing the two sounds …";
    try {
      const found = await ask(`${at}/find`);
      if (found.sureness !== "not found") set(found.offset_ms);
      said.textContent = found.sentence;
    } catch (error) {
      complain(error);
    } finally {
      card.querySelector(".find").disabled = false;
    }
  });

  save.addEventListener("click", async () => {
    try {
      await ask(at, { offset_ms: offset(), label: label.value });
      save.textContent = "Saved";
      said.textContent = "Saved. Raters hear and see both in step.";
    } catch (error) {
      complain(error);
    }
  });

  card.querySelector("button.main").addEventListener("click", async () => {
    try {
      await ask(at, { offset_ms: offset(), label: label.value });
      await ask(`${at}/main`);
      location.assign(card.querySelector(".hand-in a").href);
    } catch (error) {
      complain(error);
    }
  });

  if (!main) return;

  // ---- both together ------------------------------------------------------------------------

  const play = card.querySelector(".play");
  const position = document.getElementById("position");
  const shown = card.querySelector(".clock");
  let playing = false;

  /** Bring the other recording to where the main one is; it rests before its beginning and after its end. */
  function place(always) {
    if (!main) return;
    const wanted = main.currentTime - offset() / 1000;
    const inside = wanted >= 0 && wanted < (other.duration || Infinity);
    if (!inside) {
      other.pause();
      return;
    }
    if (always || Math.abs(other.currentTime - wanted) * 1000 > TOLERATED_MS) other.currentTime = wanted;
    if (playing && other.paused) other.play().catch(() => {});
  }

  function toggle(to = !playing) {
    playing = to;
    play.textContent = playing ? "Pause" : "Play both";
    play.setAttribute("aria-pressed", String(playing));
    if (playing) {
      main.play().catch(() => toggle(false));
      place(true);
      requestAnimationFrame(frame);
    } else {
      main.pause();
      other.pause();
    }
  }

  function frame() {
    show();
    if (playing) requestAnimationFrame(frame);
  }

  function show() {
    position.value = String(main.currentTime * 1000);
    position.setAttribute("aria-valuetext", clock(main.currentTime * 1000));
    shown.textContent = clock(main.currentTime * 1000);
    draw();
  }

  play.addEventListener("click", () => toggle());
  main.addEventListener("ended", () => toggle(false));
  setInterval(() => playing && place(false), 400);
  position.addEventListener("input", () => {
    main.currentTime = Number(position.value) / 1000;
    place(true);
    show();
  });
  main.addEventListener("seeked", () => {
    place(true);
    show();
  });
  const hear = () => {
    const { value } = card.querySelector("[name=hear]:checked");
    main.muted = value === "other";
    other.muted = value === "main";
  };
  for (const choice of card.querySelectorAll("[name=hear]")) choice.addEventListener("change", hear);
  hear(); // on a slow line it is chosen before this script has come, and a browser that goes back chooses again

  // ---- the waveforms ------------------------------------------------------------------------

  const peaks = { main: null, other: null };
  for (const [name, id] of [["main", mainId], ["other", recording]]) {
    fetch(`/wb/recordings/${id}/peaks`, { credentials: "same-origin" })
      .then((response) => (response.ok ? response.arrayBuffer() : null))
      .then((buffer) => {
        if (!buffer) return;
        peaks[name] = new Int8Array(buffer, HEADER_BYTES);
        draw();
      });
  }

  const loudest = (pairs) => {
    if (!pairs) return 1;
    pairs.loudest ??= pairs.reduce((top, value) => Math.max(top, Math.abs(value)), 1);
    return pairs.loudest;
  };

  function draw() {
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const density = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * density)) canvas.width = Math.round(width * density);
    if (canvas.height !== Math.round(height * density)) canvas.height = Math.round(height * density);
    const context = canvas.getContext("2d");
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    const style = getComputedStyle(document.documentElement);
    const ink = (name) => style.getPropertyValue(name).trim();
    const from = main.currentTime * 1000 - AROUND_MS;
    const half = height / 2;
    const rows = [
      ["main", 0, ink("--act"), 0],
      ["other", half, ink("--warn"), offset()],
    ];
    for (const [name, top, colour, begins] of rows) wave(context, peaks[name], { top, height: half, width, from: from - begins, colour });
    context.fillStyle = ink("--line");
    context.fillRect(0, half, width, 1);
    context.fillStyle = ink("--ink");
    context.fillRect(Math.round(width / 2), 0, 1, height);
  }

  function wave(context, pairs, { top, height, width, from, colour }) {
    if (!pairs) return;
    const middle = top + height / 2;
    const tall = (height / 2 - 4) / loudest(pairs);
    const perPair = 1000 / PEAKS_PER_SECOND;
    const step = width / ((2 * AROUND_MS) / perPair);
    context.fillStyle = colour;
    const first = Math.floor(from / perPair);
    for (let n = 0; n <= (2 * AROUND_MS) / perPair; n += 1) {
      const at = 2 * (first + n);
      if (at < 0 || at + 1 >= pairs.length) continue;
      const low = Math.min(pairs[at], 0) * tall;
      const high = Math.max(pairs[at + 1], 0) * tall;
      const x = (first + n) * perPair - from;
      context.fillRect((x / (2 * AROUND_MS)) * width, middle - high, Math.max(1, step - 0.4), Math.max(1, high - low));
    }
  }

  /** Pull the lower waveform sideways: what is under the pointer stays under it. */
  let pulled = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.offsetY < canvas.clientHeight / 2) return;
    canvas.setPointerCapture(event.pointerId);
    pulled = { x: event.clientX, ms: offset() };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (pulled) set(pulled.ms + Math.round(((event.clientX - pulled.x) / canvas.clientWidth) * 2 * AROUND_MS));
  });
  for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, () => (pulled = null));
  window.addEventListener("resize", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
