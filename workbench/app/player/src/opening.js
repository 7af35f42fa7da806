/** What a room loads when it opens: the waveform, the transcript, and the coding itself from this browser and the server. */

import { openJournal } from "./journal.js";
import { placeToBegin } from "./outbox.js";
import { spokenOf } from "./spoken.js";
import { welcomeBack } from "./status.js";
import { Sync } from "./sync.js";
import { channels } from "./waveform.js";
import { report, WorkTime } from "./worktime.js";

export async function loadWaveform(room) {
  if (room.media.live) return;
  try {
    const response = await fetched(room.payload.urls.peaks);
    const peaks = await response.arrayBuffer();
    if (room.dead) return;
    room.timeline.wave(channels(peaks));
  } catch {
    if (room.dead) return;
    room.say("The waveform could not be loaded; sound and codes work without it.");
  }
  room.draw();
}

export async function loadTranscript(room) {
  const url = room.payload.urls.transcript;
  if (!url) return room.transcript.empty(whyUnread(room));
  try {
    const transcript = await (await fetched(url)).json();
    if (room.dead) return;
    room.spoken = spokenOf(transcript);
    room.transcript.show(transcript);
  } catch {
    if (room.dead) return;
    room.transcript.empty("The transcript could not be loaded; sound and codes work without it. Reload the page to try again.");
  }
}

/** The coding that is worked on: where its rater stopped, what is in the journal, what the server has. Resolves when it is complete. */
export async function openCoding(room) {
  const { payload } = room;
  const journal = await openJournal();
  const { start_ms, earlier_ms, known_ms } = await beginning(room, journal);
  if (room.dead) return journal.close();
  room.media.beAt(start_ms - earlier_ms);
  const sync = (room.sync = new Sync({
    urls: payload.urls,
    coding: payload.coding,
    rater: payload.rater,
    csrf: payload.csrf,
    state: payload.state,
    journal,
    ledger: room.ledger,
    onChange: () => {
      room.draw();
      leaveIfSubmitted(room);
    },
    onStatus: () => room.drawStatus(),
    onSentence: (sentence) => room.say(sentence),
    onAligned: () => openAnew(room),
  }));
  room.work = new WorkTime({
    media: room.media,
    send: (position, spent) => report(room, position, spent),
    keep: (position, told) => sync.outbox.keepPlace(position, told),
    known_ms,
  });
  room.draw();
  await sync.load();
  if (room.dead) return;
  const events = room.ledger.drawn().events.filter((e) => e.code !== "not_observable").length;
  const back = welcomeBack({ recovered: sync.recovered, events, start_ms, earlier_ms });
  if (!journal.durable) room.say("This window keeps nothing on this computer’s disk: codes are safe when the line above says “all saved”.");
  else if (back) room.say(back);
  room.lastLook = performance.now();
  room.draw();
}

/** Where to begin: where a link says, else where the rater stopped, a little earlier but within its window. */
async function beginning({ payload, preferences }, journal) {
  const known_ms = payload.position_ms ?? payload.start_ms;
  if (payload.asked || payload.live) return { start_ms: payload.start_ms, earlier_ms: 0, known_ms };
  const place_ms = await placeToBegin(journal, payload.rater, payload.coding, known_ms);
  const start_ms = place_ms === known_ms ? payload.start_ms : place_ms;
  const [home] = payload.windows.find(([from, to]) => from <= start_ms && start_ms < to) ?? [0];
  return { start_ms, earlier_ms: Math.min(preferences.resume_earlier_ms, start_ms - home), known_ms };
}

/** The coding was submitted in another tab, or by another person of the team: look at it as submitted. */
function leaveIfSubmitted(room) {
  const { sync } = room;
  if (room.dead || !sync?.loaded || sync.submitting || sync.state === "draft" || sync.pending || room.left) return;
  room.left = true;
  room.say("This coding was submitted in another window.");
  room.tellSubmitted();
}

/** Somebody laid this live coding on its recording, or took it off again: the room is another one now. */
async function openAnew(room) {
  await room.sync.flush();
  if (room.dead || room.left) return;
  room.say("This coding was aligned with its recording. The room opens anew.");
  room.tellSubmitted();
}

function whyUnread({ payload, coding }) {
  if (coding) return "There is no transcript to read here. Code what you see and hear.";
  const later = !payload.scheme.show_transcript && payload.standing?.may_take_back;
  return later ? "This was coded by ear. The transcript stays closed as long as the coding can be taken back." : "There is no transcript to read here.";
}

async function fetched(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response;
}
