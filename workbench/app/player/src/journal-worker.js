/** Runs the disk journal beside the page, for `journal.js`: calls come as messages, answers go over the channel they name. */

import { DiskJournal } from "./disk-journal.js";

const journal = new DiskJournal(indexedDB);
let answers;

self.onmessage = async ({ data: { number, act, given } }) => {
  if (act === "close") {
    journal.close();
    answers.close();
    return self.close();
  }
  if (act === "open") answers = new BroadcastChannel(given.pop());
  try {
    answers.postMessage({ number, found: await journal[act](...given) });
  } catch (error) {
    answers.postMessage({ number, trouble: String(error) });
  }
};
