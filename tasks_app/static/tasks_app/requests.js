import { ProtocolError } from "./protocol.js";

/** Refusals that are sure: nothing has been stored. */
const STORED_NOTHING = new Set(["rate_limited", "queue_full"]);

/**
 * What the server has not answered yet, oldest first. Submissions are also kept in a
 * store; one that is refused only for now is sent again, under its key, in time.
 */
export class Requests {
  #store;
  #post;
  #tell;
  /** Request id -> {message, resolve, reject, isSubmission, postponed, mayBeTask}. */
  #open = new Map();

  /**
   * @param {Map} store anything with a Map's `get` and `set`.
   * @param {(message: object) => void} post sends a message if it can be sent now.
   * @param {(name: string, detail: object) => void} tell what becomes of submissions.
   */
  constructor(store, post, tell) {
    this.#store = store;
    this.#post = post;
    this.#tell = tell;
    for (const { key, data } of store.get("submissions") ?? []) this.#keep(key, data);
  }

  /** Submissions, as {key, data}. */
  get submissions() {
    return [...this.#open.values()]
      .filter((request) => request.isSubmission)
      .map(({ message }) => ({ key: message.idempotency_key, data: message.data }));
  }

  /** Post what a new connection must be told; what is postponed waits for its time. */
  postAll() {
    for (const { message, postponed } of this.#open.values()) {
      if (!postponed) this.#post(message);
    }
  }

  /** @returns {Promise<object>} the answer; rejected with a ProtocolError. */
  ask(fields) {
    const message = { ...fields, request_id: randomId() };
    return new Promise((resolve, reject) => {
      this.#open.set(message.request_id, { message, resolve, reject });
      this.#post(message);
    });
  }

  /** @returns {string} the submission's key. */
  submit(data) {
    const key = randomId();
    const request = this.#keep(key, data);
    this.#save();
    this.#post(request.message);
    return key;
  }

  /** Give up a postponed submission, if it cannot be a task already. */
  takeBack(key) {
    const request = this.#open.get(key);
    if (!request?.postponed || request.mayBeTask) return undefined;
    clearTimeout(request.postponed);
    this.#forget(key, request);
    return request.message.data;
  }

  /** @param {object} outcome the answer, or a ProtocolError. */
  settle(id, outcome) {
    const request = this.#open.get(id);
    if (!request) return;
    const isError = outcome instanceof ProtocolError;
    if (isError && request.isSubmission && outcome.retryAfter !== undefined) {
      this.#postpone(request, outcome);
      return;
    }
    this.#forget(id, request);
    if (isError) request.reject(outcome);
    else request.resolve(outcome);
  }

  /** The server does not say which message was too large; resending it would loop. */
  refuseLargest() {
    const sizeOf = (id) => JSON.stringify(this.#open.get(id).message).length;
    const [largest] = [...this.#open.keys()].sort((a, b) => sizeOf(b) - sizeOf(a));
    const fault = { message: "message too large", code: "message_too_large" };
    this.settle(largest, new ProtocolError(fault));
  }

  #keep(key, data) {
    const request = {
      message: { type: "submit_task", data, idempotency_key: key, request_id: key },
      isSubmission: true,
      resolve: (task) => this.#tell("submitted", { key, data, task }),
      reject: (error) => this.#tell("refused", { key, data, error }),
    };
    this.#open.set(key, request);
    return request;
  }

  #postpone(request, error) {
    const delay = error.retryAfter * 1000;
    clearTimeout(request.postponed);
    request.postponed = setTimeout(() => {
      request.postponed = null;
      this.#post(request.message);
    }, delay);
    // For good: a commit of which the server lost sight may still come about.
    request.mayBeTask ||= !STORED_NOTHING.has(error.code);
    const { mayBeTask, message } = request;
    const { idempotency_key: key, data } = message;
    this.#tell("postponed", { key, data, error, retryAt: Date.now() + delay, mayBeTask });
  }

  #forget(id, { isSubmission }) {
    this.#open.delete(id);
    if (isSubmission) this.#save();
  }

  #save() {
    this.#store.set("submissions", this.submissions);
  }
}

/** `crypto.randomUUID` is missing on plain http:// pages; 128 random bits are not. */
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
