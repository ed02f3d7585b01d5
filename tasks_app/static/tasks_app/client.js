/**
 * The PulseWeave protocol for browsers: one connection that comes back by itself.
 *
 *     const client = new PulseWeaveClient("ws://localhost:8000/ws", {
 *       identity: anyMap,  // with `get` and `set`; a stored one survives a reload
 *     });
 *     client.addEventListener("task", ({ detail }) => console.log(detail.status));
 *     client.connect();
 *     client.submit({ text: "明早七点去机场，记得身份证和充电宝" });
 *
 * Every request is kept until it is answered and sent again after a reconnect. A
 * submission carries an idempotency key, so that sending it twice makes one task.
 *
 * Events; each has its facts in `detail`:
 *   state      {state, retryAt?, code?}  see State; retryAt in milliseconds
 *   ready                                identified; lists may be out of date now
 *   task       a task_submitted or task_status_update message
 *   submitted  {key, data, task}         the task of a submission is safely stored
 *   refused    {key, data, error}        it is not; error is a ProtocolError
 */

import { Backoff } from "./backoff.js";
import { CLOSED_ABNORMALLY, CloseCode, ProtocolError, State } from "./protocol.js";

export { CloseCode, ProtocolError, State };

const RESUME = "resume";
/** Updates of different tasks may overtake each other by less than this. */
const OVERLAP_S = 60;
const ESTABLISH_TIMEOUT_MS = 10_000;
const PING_EVERY_MS = 20_000;
const PONG_TIMEOUT_MS = 10_000;

export class PulseWeaveClient extends EventTarget {
  #url;
  #identity;
  #outbox;
  #socket = null;
  #state = State.STOPPED;
  /** request id -> {message, resolve, reject, isSubmission}, oldest first. */
  #requests = new Map();
  /** Who the server says we are, until we prove to be somebody it knows. */
  #offered;
  #backoff = new Backoff();
  /** Milliseconds of this machine's clock. */
  #heardAt = 0;
  /** Seconds of the server's clock. */
  #newestUpdate = 0;
  #retry;
  #deadline;
  #pingTimer;

  /**
   * @param {string} url of the endpoint, ws:// or wss://.
   * @param {{identity?: Map, outbox?: Map}} stores where the identity and the
   *     unacknowledged submissions are kept; anything with a Map's `get` and `set`.
   */
  constructor(url, { identity = new Map(), outbox = new Map() } = {}) {
    super();
    this.#url = url;
    this.#identity = identity;
    this.#outbox = outbox;
    for (const { key, data } of outbox.get("submissions") ?? []) {
      this.#keepSubmission(key, data);
    }
  }

  get state() {
    return this.#state;
  }

  /** Submissions the server has not acknowledged yet, oldest first. */
  get unacknowledged() {
    return [...this.#requests.values()]
      .filter((request) => request.isSubmission)
      .map(({ message }) => ({ key: message.idempotency_key, data: message.data }));
  }

  connect() {
    if (this.#state === State.STOPPED) this.#open();
  }

  /** Leave for good; submissions without an acknowledgement stay in the outbox. */
  close() {
    this.#abandon();
    this.#setState(State.STOPPED, { code: 1000 });
  }

  /** Call when the network or the page came back: reconnects, or tests the line. */
  wake() {
    if (this.#state === State.WAITING) {
      clearTimeout(this.#retry);
      this.#open();
    } else if (this.#state === State.ONLINE) {
      this.#ping();
    }
  }

  /**
   * Submit `{text}`, `{event}` or both; `submitted` or `refused` follows.
   * @returns {string} the key that names the submission in these events.
   */
  submit(data) {
    const key = randomId();
    const request = this.#keepSubmission(key, data);
    this.#saveOutbox();
    this.#post(request.message);
    return key;
  }

  /** The state of one task, as a task_status_update. */
  getTaskStatus(taskId) {
    return this.#request({ type: "get_task_status", task_id: taskId });
  }

  /** Call a task off; rejected as `not_cancellable`, with its status, if it has ended. */
  cancel(taskId) {
    return this.#request({ type: "cancel_task", task_id: taskId });
  }

  async getMyTasks() {
    return (await this.#request({ type: "get_my_tasks" })).tasks;
  }

  async getStats() {
    return (await this.#request({ type: "get_stats" })).data;
  }

  // --- Requests -------------------------------------------------------------------

  #request(fields) {
    const message = { ...fields, request_id: randomId() };
    return new Promise((resolve, reject) => {
      this.#requests.set(message.request_id, { message, resolve, reject });
      this.#post(message);
    });
  }

  #keepSubmission(key, data) {
    const request = {
      message: { type: "submit_task", data, idempotency_key: key, request_id: key },
      isSubmission: true,
      resolve: (task) => this.#tell("submitted", { key, data, task }),
      reject: (error) => this.#tell("refused", { key, data, error }),
    };
    this.#requests.set(key, request);
    return request;
  }

  #saveOutbox() {
    this.#outbox.set("submissions", this.unacknowledged);
  }

  /** Before the connection is ready nothing is sent; `#become` sends what is kept. */
  #post(message) {
    if (this.#state === State.ONLINE) this.#transmit(message);
  }

  #transmit(message) {
    this.#socket.send(JSON.stringify(message));
  }

  #settle(id, outcome) {
    const request = this.#requests.get(id);
    if (!request) return;
    this.#requests.delete(id);
    if (request.isSubmission) this.#saveOutbox();
    if (outcome instanceof ProtocolError) request.reject(outcome);
    else request.resolve(outcome);
  }

  // --- The life of one connection -------------------------------------------------

  #open() {
    this.#setState(State.CONNECTING);
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => this.#lost(code);
    this.#deadline = setTimeout(() => this.#drop(), ESTABLISH_TIMEOUT_MS);
  }

  #receive(frame) {
    this.#heardAt = Date.now();
    const message = JSON.parse(frame);
    if (message.type === "connection_established") this.#introduce(message);
    else if (message.request_id === RESUME) this.#resumed(message);
    else this.#deliver(message);
  }

  #deliver(message) {
    if (message.type === "task_submitted" || message.type === "task_status_update") {
      this.#newestUpdate = Math.max(this.#newestUpdate, message.timestamp);
      this.#settle(message.request_id, message);
      this.#tell("task", message);
    } else {
      const isError = message.type === "error";
      this.#settle(message.request_id, isError ? new ProtocolError(message) : message);
    }
  }

  /** Come back as who we were, or become who the server says we are. */
  #introduce({ client_id, resume_token }) {
    this.#offered = { client_id, resume_token };
    const known = this.#identity.get("identity");
    if (!known) this.#become(this.#offered);
    else this.#transmit({ type: "resume", request_id: RESUME, ...known, ...this.#since() });
  }

  #since() {
    return this.#newestUpdate > 0 ? { since: this.#newestUpdate - OVERLAP_S } : {};
  }

  #resumed(answer) {
    if (answer.type === "resumed") {
      this.#become({ ...this.#identity.get("identity"), ...pickToken(answer) });
    } else if (answer.code === "invalid_token") {
      this.#become(this.#offered);
    } else {
      this.#drop();
    }
  }

  #become(identity) {
    this.#identity.set("identity", identity);
    clearTimeout(this.#deadline);
    this.#backoff.connected();
    this.#pingTimer = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.#setState(State.ONLINE);
    for (const { message } of this.#requests.values()) this.#transmit(message);
    this.#tell("ready", identity);
  }

  /** Anything heard after a ping proves the line; silence ends it. */
  #ping() {
    const askedAt = Date.now();
    this.#transmit({ type: "ping" });
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      if (this.#heardAt < askedAt) this.#drop();
    }, PONG_TIMEOUT_MS);
  }

  /** Give the socket up now: closing a dead one properly can take minutes. */
  #drop() {
    this.#abandon();
    this.#lost(CLOSED_ABNORMALLY);
  }

  #abandon() {
    clearTimeout(this.#retry);
    clearTimeout(this.#deadline);
    clearInterval(this.#pingTimer);
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  #lost(code) {
    this.#abandon();
    if (code === CloseCode.MESSAGE_TOO_LARGE) this.#refuseLargest();
    if (code === CloseCode.UNAUTHORIZED) {
      this.#setState(State.STOPPED, { code });
      return;
    }
    const delay = this.#backoff.nextDelay(code);
    this.#retry = setTimeout(() => this.#open(), delay);
    this.#setState(State.WAITING, { code, retryAt: Date.now() + delay });
  }

  /** The server does not say which message was too large; resending it would loop. */
  #refuseLargest() {
    const sizeOf = (id) => JSON.stringify(this.#requests.get(id).message).length;
    const [largest] = [...this.#requests.keys()].sort((a, b) => sizeOf(b) - sizeOf(a));
    const fault = { message: "message too large", code: "message_too_large" };
    this.#settle(largest, new ProtocolError(fault));
  }

  #setState(state, facts = {}) {
    this.#state = state;
    this.#tell("state", { state, ...facts });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** A server may renew the token with `resumed`. */
function pickToken({ resume_token }) {
  return resume_token ? { resume_token } : {};
}

/** `crypto.randomUUID` is missing on plain http:// pages; 128 random bits are not. */
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
