/** The text of utterances, where each word lies in it, and what a search finds in it. Pure. */

/** {text, starts}: the text of an utterance, and where each of its words begins in it.
 *
 * The utterance's own text is kept where its words are found in it, in order; else the words are
 * joined with spaces.
 */
export function textOf(utterance, words) {
  const said = [];
  for (let i = utterance.first_word; i < utterance.end_word; i++) said.push(words[i].text.trim());
  const whole = (utterance.text ?? "").trim();
  if (!said.length) return { text: whole, starts: [] };
  const starts = [];
  let from = 0;
  for (const word of said) {
    const at = whole.indexOf(word, from);
    if (at < 0) return joined(said);
    starts.push(at);
    from = at + word.length;
  }
  return { text: whole, starts };
}

function joined(said) {
  const starts = [];
  let text = "";
  for (const word of said) {
    starts.push(text.length + (text ? 1 : 0));
    text += (text ? " " : "") + word;
  }
  return { text, starts };
}

/** Letters that are looked for as one: Arabic alef and hamza forms, ya, ta marbuta, and others. */
const ALIKE = new Map(Object.entries({ "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ı": "i", "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"' }));
const SKIPPED = /[\p{M}\u0640\u200b-\u200f\u2066-\u2069\u00ad]/gu;

/** A character as it is looked for: without case, accents, vowel signs and lengthening strokes. */
function foldCharacter(character) {
  const alike = ALIKE.get(character) ?? ALIKE.get(character.toLowerCase());
  if (alike !== undefined) return alike;
  const plain = character.normalize("NFKD").replace(SKIPPED, "").toLowerCase().replace(SKIPPED, "");
  return /\s/.test(plain) ? " " : plain;
}

const known = new Map();
function folded(character) {
  let found = known.get(character);
  if (found === undefined) known.set(character, (found = foldCharacter(character)));
  return found;
}

/** Text as it is looked for. */
export function fold(text) {
  let out = "";
  for (const character of text) out += folded(character);
  return out;
}

/** Finds in `texts`: `find(query)` → hits {place, from, to} in order, `to` behind the last character. */
export class Finder {
  constructor(texts) {
    this.texts = texts;
    this.plain = null;
  }

  find(query) {
    const wanted = fold(query.trim()).replace(/ +/g, " ");
    if (!wanted) return [];
    this.plain ??= this.texts.map(fold);
    const hits = [];
    this.plain.forEach((plain, place) => {
      let at = plain.indexOf(wanted);
      if (at < 0) return;
      const origin = originOf(this.texts[place]);
      for (; at >= 0; at = plain.indexOf(wanted, at + wanted.length)) hits.push({ place, from: origin.from[at], to: origin.to[at + wanted.length - 1] });
    });
    return hits;
  }
}

/** For each folded character, from where to where it stands in the text, vowel signs included. */
function originOf(text) {
  const from = [];
  const to = [];
  let at = 0;
  for (const character of text) {
    const plain = folded(character);
    if (!plain && to.length) to[to.length - 1] = at + character.length;
    for (let i = 0; i < plain.length; i++) {
      from.push(at);
      to.push(at + character.length);
    }
    at += character.length;
  }
  return { from, to };
}
