/* Sends a file in slices, each safe on the server's disk before the next one leaves; goes on where it stopped. */
(() => {
  const card = document.getElementById("upload");
  const input = document.getElementById("file");
  const drop = card.querySelector(".drop");
  const box = card.querySelector(".progress");
  const bar = box.querySelector("progress");
  const said = box.querySelector(".said");
  const stop = box.querySelector(".stop");
  const alarm = card.querySelector(".alert");
  const label = document.getElementById("label");
  const { session, csrf, back, further } = card.dataset;
  const TRIES = 6;
  let stopped = false;

  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const megabytes = (n) => `${Math.round(n / 1e6).toLocaleString()} MB`;
  const memory = (file) => `upload:${session}:${file.name}:${file.size}:${file.lastModified}`;

  class Refusal extends Error {}

  async function ask(url, options = {}) {
    const headers = { "x-wb-csrf": csrf, ...options.headers };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await fetch(url, { credentials: "same-origin", ...options, headers });
        const body = await response.json().catch(() => ({}));
        if (response.ok || (response.status === 409 && "expected" in body)) return body;
        if (response.status < 500 || response.status === 507) throw new Refusal([body.error, ...(body.problems ?? [])].join(" ") || "The server refused this.");
      } catch (error) {
        if (error instanceof Refusal) throw error;
      }
      if (attempt === TRIES) throw new Refusal("The server does not answer. Choose the same file again to go on.");
      said.textContent = "The connection was lost. Trying again …";
      await wait(Math.min(8000, 400 * 2 ** attempt));
    }
  }

  async function begin(file) {
    const kept = sessionStorage.getItem(memory(file));
    if (kept) {
      try {
        return await ask(`/wb/uploads/${kept}`);
      } catch {
        sessionStorage.removeItem(memory(file));
      }
    }
    const body = JSON.stringify({ session, size: file.size });
    const standing = await ask("/wb/uploads", { method: "POST", body, headers: { "content-type": "application/json" } });
    sessionStorage.setItem(memory(file), standing.ticket);
    return standing;
  }

  async function send(file) {
    stopped = false;
    alarm.hidden = true;
    drop.hidden = true;
    box.hidden = false;
    said.textContent = "Starting …";
    try {
      const standing = await begin(file);
      const at = `/wb/uploads/${standing.ticket}`;
      let { offset } = standing;
      while (offset < file.size && !stopped) {
        bar.value = offset / file.size;
        said.textContent = `${megabytes(offset)} of ${megabytes(file.size)}`;
        const slice = file.slice(offset, offset + standing.slice_bytes);
        const answer = await ask(`${at}?offset=${offset}`, { method: "PUT", body: slice, headers: { "content-type": "application/octet-stream" } });
        offset = answer.expected ?? answer.offset;
      }
      if (stopped) {
        await ask(at, { method: "DELETE" }).catch(() => {});
        sessionStorage.removeItem(memory(file));
        return rest();
      }
      bar.removeAttribute("value");
      said.textContent = "All there. Reading it …";
      stop.hidden = true;
      const body = JSON.stringify({ name: file.name, label: label?.value ?? "" });
      const made = await ask(`${at}/finish`, { method: "POST", body, headers: { "content-type": "application/json" } });
      sessionStorage.removeItem(memory(file));
      input.value = ""; // who comes back to this page has chosen nothing
      // a further recording has to be placed beside the main one
      location.assign(further ? `/wb/recordings/${made.recording}/place` : back);
    } catch (error) {
      rest();
      alarm.textContent = error.message;
      alarm.hidden = false;
    }
  }

  function rest() {
    box.hidden = true;
    stop.hidden = false;
    drop.hidden = false;
    bar.value = 0;
    input.value = "";
  }

  const chosen = () => input.files[0] && send(input.files[0]);
  input.addEventListener("change", chosen);
  chosen(); // on a slow line a file is chosen before this script has come
  stop.addEventListener("click", () => (stopped = true));
  for (const kind of ["dragover", "dragenter"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const [file] = event.dataTransfer.files;
    if (file) send(file);
  });
})();
