import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { indexOf } from "../src/transcript-index.js";
import { heightOf, rowsOf, wordAtCharacter } from "../src/transcript-rows.js";
import { apart, directionOf } from "../src/direction.js";
import { Finder, fold, textOf } from "../src/transcript-text.js";
import { unitsOf } from "../src/units.js";

const word = (text, start_ms, end_ms = start_ms + 200) => ({ text, start_ms, end_ms });
const utterance = (speaker, start_ms, end_ms, first_word, end_word, text) => ({ speaker, start_ms, end_ms, first_word, end_word, text });

test("an utterance keeps its own spacing, and every word is found in it", () => {
  const words = [word(" Well,", 0), word(" I", 300), word("'m", 400), word(" fine", 500)];
  assert.deepEqual(textOf(utterance("S1", 0, 900, 0, 4, "Well, I'm fine."), words), { text: "Well, I'm fine.", starts: [0, 6, 7, 10] });
});

test("where the text does not hold the words, the words are the text", () => {
  const words = [word("one", 0), word("two", 300)];
  assert.deepEqual(textOf(utterance("S1", 0, 900, 0, 2, "something else"), words), { text: "one two", starts: [0, 4] });
  assert.deepEqual(textOf(utterance("S1", 0, 900, 2, 2, "[laughs]"), words), { text: "[laughs]", starts: [] });
});

const found = (texts, query) => new Finder(texts).find(query).map(({ place, from, to }) => [place, texts[place].slice(from, to)]);

test("a search does not mind case, accents or kinds of quotation mark", () => {
  assert.deepEqual(found(["Déjà vu", "deja DÉJÀ"], "deja"), [[0, "Déjà"], [1, "deja"], [1, "DÉJÀ"]]);
  assert.deepEqual(found(["It’s Straße 5"], "it's strasse"), [[0, "It’s Straße"]]);
  assert.deepEqual(found(["cafe\u0301 noir"], "café"), [[0, "cafe\u0301"]]);
});

test("a search in Arabic does not mind vowel signs, lengthening, alef forms or ta marbuta", () => {
  const text = "أَنَا أُحِبُّ الجَلْسَةَ";
  assert.deepEqual(found([text], "انا احب"), [[0, "أَنَا أُحِبُّ"]]);
  assert.deepEqual(found([text], "الجلسه"), [[0, "الجَلْسَةَ"]]);
  assert.deepEqual(found(["الســـلام عليكم"], "السلام"), [[0, "الســـلام"]]);
  assert.equal(fold("إلى"), fold("الي"));
});

test("a search finds words side by side, and nothing for nothing", () => {
  assert.deepEqual(found(["what  do you do"], "do you"), [[0, "do you"]]);
  assert.deepEqual(found(["what do you do"], "  Do   YOU "), [[0, "do you"]]);
  assert.deepEqual(found(["anything"], "   "), []);
  assert.deepEqual(found(["aaaa"], "aa"), [[0, "aa"], [0, "aa"]]);
});

test("a transcript is written from right to left when most of its letters are", () => {
  assert.equal(directionOf(["أنا بخير", "شكرا OK"]), "rtl");
  assert.equal(directionOf(["I said سلام to her"]), "ltr");
  assert.equal(directionOf([]), "ltr");
});

const talk = {
  words: [word("So", 0), word("how", 300), word("are", 600), word("Fine", 2000), word("mm", 700, 900)],
  utterances: [utterance("S1", 0, 1000, 0, 3, "So how are"), utterance("S2", 700, 900, 4, 5, "mm"), utterance("S2", 2000, 2200, 3, 4, "Fine")],
  speech_without_words: [{ speaker: "S1", start_ms: 2500, end_ms: 2900 }, { speaker: "S2", start_ms: 1200, end_ms: 1700 }],
};

test("rows are in order of time, with what was heard and not written", () => {
  const rows = rowsOf(talk, unitsOf(talk));
  assert.deepEqual(rows.map((r) => [r.id, r.kind, r.text ?? ""]), [["u0", "said", "So how are"], ["u1", "said", "mm"], ["x1", "wordless", ""], ["u2", "said", "Fine"], ["x0", "wordless", ""]]);
  assert.deepEqual(rows.filter((r) => r.overlaps).map((r) => r.id), ["u1"]);
});

test("a split utterance is two rows, a merged one says that it goes with an earlier one", () => {
  const rows = rowsOf(talk, unitsOf(talk, { u0w1: true, u2: false })).filter((r) => r.kind === "said");
  assert.deepEqual(rows.map((r) => [r.id, r.unit, r.text, r.joined]), [["u0", "u0", "So", false], ["u0w1", "u0w1", "how are", false], ["u1", "u1", "mm", false], ["u2", "u1", "Fine", true]]);
  assert.deepEqual(rows[1].starts, [0, 4]);
  assert.deepEqual([0, 3, 4, 6].map((at) => wordAtCharacter(rows[1], at)), [1, 1, 2, 2]);
});

test("a longer text is expected to be higher", () => {
  const [row] = rowsOf(talk, unitsOf(talk));
  assert.equal(heightOf(row, 60), 26);
  assert.equal(heightOf({ ...row, text: "x".repeat(61) }, 60), 46);
});

test("all words that are said at once are found, the one that began last first", () => {
  const index = indexOf(talk);
  assert.deepEqual(index.wordsAt(750), [4, 2]);
  assert.deepEqual(index.wordsAt(1900), []);
  assert.deepEqual(index.at(750), { word: 4, utterance: 1 });
});

test("stepping goes from word to word, back to the beginning of a word that has run a while", () => {
  const index = indexOf(talk);
  assert.deepEqual([[0, 1], [300, 1], [5000, 1], [300, -1], [500, -1], [50, -1]].map(([ms, by]) => index.step(ms, by)), [300, 600, null, 0, 300, null]);
});

test("the words of the sample sessions all have their place in the text", () => {
  for (const name of ["dev1_rupture_repair", "dev2_goals", "dev3_homework"]) {
    const transcript = JSON.parse(readFileSync(new URL(`../../../../sample_media/${name}.transcript.json`, import.meta.url), "utf8"));
    for (const each of transcript.utterances) {
      const { text, starts } = textOf(each, transcript.words);
      starts.forEach((at, n) => assert.ok(text.startsWith(transcript.words[each.first_word + n].text.trim(), at), text));
    }
  }
});

test("a number after Arabic words in an English sentence stays behind them", () => {
  assert.equal(apart("Linked to “الرابطة العلاجية”, 0:00 – 5:00."), "Linked to “\u2068الرابطة العلاجية\u2069”, 0:00 – 5:00.");
  assert.equal(apart("انسحاب (صمت أو تغيير) ended, ثقة began."), "\u2068انسحاب (صمت أو تغيير)\u2069 ended, \u2068ثقة\u2069 began.");
  assert.equal(apart("Hope at 1:02 deleted."), "Hope at 1:02 deleted.");
});
