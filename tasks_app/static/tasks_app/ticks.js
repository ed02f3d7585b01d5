const KEPT_TASKS = 100;

/** Which omissions of which task this person has ticked off; kept in this browser. */
export class Ticks {
  #store;

  /** @param {Map} store anything with a Map's `get` and `set`. */
  constructor(store) {
    this.#store = store;
  }

  /** The ticks of one task. */
  of(taskId) {
    return {
      has: (omission) => this.#load().get(taskId)?.includes(omission) ?? false,
      toggle: (omission, isTicked) => this.#toggle(taskId, omission, isTicked),
    };
  }

  #load() {
    return new Map(this.#store.get("ticks"));
  }

  #toggle(taskId, omission, isTicked) {
    const all = this.#load();
    const others = (all.get(taskId) ?? []).filter((ticked) => ticked !== omission);
    all.delete(taskId);
    all.set(taskId, isTicked ? [...others, omission] : others);
    this.#store.set("ticks", [...all].slice(-KEPT_TASKS));
  }
}
