/** The journal's store on disk. `durability: "strict"` makes the browser flush before it says done, so that a
 * killed browser loses nothing that was drawn.
 */

const NAME = "alliance-workbench-journal";
const VERSION = 2;
const OPERATIONS = "operations";
const PLACES = "places";

function connect(factory) {
  return new Promise((resolve, reject) => {
    const request = factory.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const db = request.result;
      const there = [...db.objectStoreNames];
      if (!there.includes(OPERATIONS)) db.createObjectStore(OPERATIONS, { keyPath: "id" }).createIndex("coding", ["rater", "coding"]);
      if (!there.includes(PLACES)) db.createObjectStore(PLACES, { keyPath: ["rater", "coding"] });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close(); // a newer page may rebuild the store
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("the journal is held by an older page"));
  });
}

export class DiskJournal {
  durable = true;
  #db;
  #factory;
  #waiting = [];
  #writing = false;

  constructor(factory) {
    this.#factory = factory;
  }

  async open() {
    this.#db = await connect(this.#factory);
  }

  /** Resolves when `entries` ({id, coding, rater, operation, refused?}) are on disk. Bursts share a flush. */
  put(entries) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, resolve, reject });
      this.#write();
    });
  }

  async #write() {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#waiting.length) {
      const batch = this.#waiting.splice(0);
      try {
        await this.#transact(OPERATIONS, "strict", (store) => {
          for (const { entries } of batch) for (const entry of entries) store.put(entry);
        });
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = false;
  }

  /** Acknowledged operations leave the journal. */
  remove(ids) {
    return this.#transact(OPERATIONS, "relaxed", (store) => {
      for (const id of ids) store.delete(id);
    });
  }

  /** Entries of a coding that no server has acknowledged. */
  entries(rater, coding) {
    return this.#transact(OPERATIONS, "relaxed", (store) => store.index("coding").getAll([rater, coding]), "readonly");
  }

  /** Note where the rater is. The system has it even when the browser is killed. */
  keepPlace(place) {
    return this.#transact(PLACES, "relaxed", (store) => void store.put(place));
  }

  /** What `keepPlace` noted last: {rater, coding, position_ms, told}, or undefined. */
  place(rater, coding) {
    return this.#transact(PLACES, "relaxed", (store) => store.get([rater, coding]), "readonly");
  }

  close() {
    this.#db.close();
    this.#factory = null;
  }

  /** Resolves to what the request that `work` returns found. A store that was closed meanwhile is opened again. */
  async #transact(name, durability, work, mode = "readwrite") {
    let transaction;
    try {
      transaction = this.#db.transaction(name, mode, { durability });
    } catch (error) {
      if (!this.#factory) throw error;
      await this.open();
      transaction = this.#db.transaction(name, mode, { durability });
    }
    return new Promise((resolve, reject) => {
      let request;
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      request = work(transaction.objectStore(name));
      if (mode === "readwrite") transaction.commit(); // at once, instead of a turn later when the browser sees that no more comes
    });
  }
}
