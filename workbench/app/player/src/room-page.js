/** What stands where in a room: the head, the picture beside transcript and codes, the code buttons, the timeline. */

import { CodesPanel, MeaningPanel } from "./codes.js";
import { h } from "./dom.js";
import { retime } from "./editing.js";
import { EventsPanel } from "./events.js";
import { keyLabel } from "./format.js";
import { Head } from "./head.js";
import { CodingRows } from "./lane-rows.js";
import { LiveClock } from "./live-clock.js";
import { Media } from "./media.js";
import { Pictures } from "./pictures.js";
import { ReviewPanel } from "./review.js";
import { actsOf } from "./room-acts.js";
import { tabs } from "./tabs.js";
import { Theme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { TranscriptPane } from "./transcript.js";
import { Transport } from "./transport.js";

/** Build everything that is there before the parts, and give it to the room. `onMedia()`: play, pause, speed or sound changed. */
export function buildPage(room, { onMedia }) {
  const { payload, coding, keyOf, codeKeyOf } = room;
  const { scheme, media, more_media: more = [] } = payload;
  const kind = [media, ...more].some((m) => m.kind === "video") ? "video" : media.kind;
  room.root = h("div", { class: "room", "data-mode": payload.mode, "data-kind": kind, "data-testid": "coding-room", lang: document.documentElement.lang || "en" });
  room.host.replaceChildren(room.root);
  room.theme = new Theme(room.root, () => room.timeline.spoil());
  room.media = mediaOf(room, more, onMedia);
  room.acts = actsOf(room);
  room.head = new Head({ payload, acts: { help: () => room.acts.help(), submit: () => room.acts.submit() } });
  room.statusLine = room.head.statusLine;
  room.pictures = new Pictures({ media: room.media, onToggle: () => room.media.toggle(), onSound: () => room.acts.hear() });
  room.transport = new Transport({ media: room.media, acts: room.acts, keys: keyOf, canEdit: coding, hasPicture: kind === "video" });
  room.transcript = new TranscriptPane({ speakers: payload.speakers, version: payload.transcript_version, onSeek: (ms) => room.seek(ms) });
  room.meaning = new MeaningPanel();
  room.meaning.explain(scheme.codes[0]);
  room.codes = new CodesPanel({ scheme, keys: codeKeyOf, actKeys: keyOf, onPress: (code, e) => room.press(code, e), onExplain: (code) => room.meaning.explain(code) });
  room.rows = new CodingRows(scheme);
  room.timeline = timelineOf(room);
  room.waveform = room.timeline.waveform;
  room.lanes = room.timeline.lanes;
  room.teachLine = payload.teach && coding && scheme.codes.length && !scheme.passes?.length ? teaching(room) : null;
  const left = h("div", { class: "left" }, room.pictures.element, room.meaning.element);
  const stage = h("div", { class: "stage" }, left, room.transcript.element, coding ? side(room) : review(room));
  room.root.append(...[room.head.element, room.teachLine, stage, coding ? room.codes.element : null, room.timeline.element].filter(Boolean));
}

/** The recordings; or, of a session that is coded while it happens, its clock. */
function mediaOf(room, more, onChange) {
  const { payload, coding } = room;
  const { media, scheme, urls } = payload;
  if (media.kind !== "none") return new Media({ media, url: urls.media, more, speedCap: scheme.speed_cap, onChange, onTrouble: (sentence) => room.say(sentence) });
  const begin = (values) => room.editable() && room.act({ operations: [{ kind: "clock", values }] });
  return new LiveClock({ media, onChange, begin: coding ? begin : null });
}

/** For who has never submitted anything: the three keys to begin with. It goes with the first code. */
function teaching({ payload, codeKeyOf, keyOf }) {
  const [first] = payload.scheme.codes;
  const says = (key, words) => (key ? [h("kbd", {}, keyLabel(key)), words] : []);
  const does = first.kind === "utterance" ? ` codes the selected utterance as “${first.label}”. ` : first.kind === "state" ? ` begins “${first.label}”, again ends it. ` : ` marks “${first.label}” at this moment. `;
  return h("p", { class: "teach", "data-testid": "teach" }, ...says(keyOf.get("play"), " plays and pauses. "), ...says(codeKeyOf.get(first.id), does), ...says(keyOf.get("undo"), " takes it back."));
}

function side(room) {
  const { scheme, people } = room.payload;
  room.events = new EventsPanel({ scheme, people, onChoose: (event) => room.choose(event), onMark: (event) => room.mark(event) });
  room.tabs = tabs("Codes, ratings and notes", [
    { id: "events", label: "Codes", panel: room.events.element },
    { id: "ratings", label: "Ratings", panel: h("div", { class: "tabbed" }) },
    { id: "notes", label: "Notes", panel: h("div", { class: "tabbed" }) },
  ]);
  return h("section", { class: "panel side", "aria-label": "Codes and ratings" }, room.tabs.element);
}

function review(room) {
  const { scheme, lanes, people } = room.payload;
  room.review = new ReviewPanel({ scheme, lanes, people, keys: room.keyOf, onChoose: (event) => room.choose(event), onNext: () => room.acts.next() });
  return room.review.element;
}

function timelineOf(room) {
  const { scheme, windows } = room.payload;
  return new Timeline({
    media: room.media,
    payload: room.payload,
    paint: room.theme.paint,
    transport: room.transport.element,
    acts: {
      seek: (ms) => room.seek(ms),
      choose: (event) => room.choose(event),
      hold: (event) => room.mark(event),
      editable: () => room.editable(),
      mayMove: (event) => room.coding && room.sync?.state === "draft" && !event.unit,
      marks: () => room.spoken?.edges ?? [],
      drop: ({ id }, values) => {
        const content = room.ledger.content();
        const event = content.events.find((e) => e.id === id); // it may be gone, or changed, since it was taken
        if (event) room.act(retime(event, values, content, scheme, windows));
      },
    },
  });
}
