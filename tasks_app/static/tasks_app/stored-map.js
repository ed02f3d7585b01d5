/**
 * A Map's `get` and `set` over Web Storage, with JSON values.
 *
 * Storage may be forbidden, full or hold what we did not write; then values live as
 * long as the page does, and nobody else needs to care.
 */
export class StoredMap {
  #storage;
  #prefix;
  #unsaved = new Map();

  /** @param {"localStorage" | "sessionStorage"} area */
  constructor(area, prefix) {
    this.#prefix = prefix;
    try {
      this.#storage = globalThis[area];
    } catch {
      this.#storage = null;
    }
  }

  get(key) {
    if (this.#unsaved.has(key)) return this.#unsaved.get(key);
    try {
      const stored = this.#storage.getItem(`${this.#prefix}.${key}`);
      return stored === null ? undefined : JSON.parse(stored);
    } catch {
      return undefined;
    }
  }

  set(key, value) {
    try {
      this.#storage.setItem(`${this.#prefix}.${key}`, JSON.stringify(value));
      this.#unsaved.delete(key);
    } catch {
      this.#unsaved.set(key, value);
    }
  }
}
