/** Which way words run. The room is English and runs from the left; a scheme's words and a transcript's run as they are written. */

const RIGHT = "\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc";
const OWN = "[^\\p{Script=Latin}\\d“”()]"; // what may stand between words from the right without being of the sentence around them
const RIGHT_TO_LEFT = new RegExp(`[${RIGHT}]`, "g");
const STRETCH = new RegExp(`[${RIGHT}](?:(?:${OWN}|\\(${OWN}*\\))*(?:[${RIGHT}]|\\(${OWN}*\\)))?`, "gu");
const LETTERS = /\p{L}/gu;

/** "rtl" where most letters of these texts are written from right to left, else "ltr". */
export function directionOf(texts) {
  const sample = texts.slice(0, 200).join(" ").slice(0, 8000);
  const letters = sample.match(LETTERS)?.length ?? 0;
  return (sample.match(RIGHT_TO_LEFT)?.length ?? 0) * 2 > letters ? "rtl" : "ltr";
}

/** The direction of one text, as an attribute; nothing where it runs like the room. */
export function dirOf(text) {
  return directionOf([text]) === "rtl" ? "rtl" : null;
}

/** An English sentence in which each stretch of words from the right keeps to itself: a number that follows them stays behind them. */
export function apart(sentence) {
  return sentence.replace(STRETCH, (words) => `\u2068${words}\u2069`);
}
