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
 *   postponed  {key, data, error, retryAt, mayBeTask}  not yet, or not surely; it is
 *                                        sent again at retryAt
 *   refused    {key, data, error}        it is not; error is a ProtocolError
 */

import { Backoff } from "./backoff.js";
import { CLOSED_ABNORMALLY, CloseCode, ProtocolError, State } from "./protocol.js";
import { Requests } from "./requests.js";

export { CloseCode, ProtocolError, State };

const RESUME = "resume";
const ESTABLISH_TIMEOUT_MS = 10_000;
const PING_EVERY_MS = 20_000;
const PONG_TIMEOUT_MS = 10_000;

export class PulseWeaveClient extends EventTarget {
  #url;
  #identity;
  #requests;
  #socket = null;
  #state = State.STOPPED;
  /** Who the server says we are, until we prove to be somebody it knows. */
  #offered;
  #backoff = new Backoff();
  /** Milliseconds of this machine's clock. */
  #heardAt = 0;
  /** Seconds of the server's clock. */
  #newestUpdate = 0;
  /** Seconds that the server asked this connection, not one request, to wait. */
  #askedToWait;
  /** Before this, even an impatient person must not reconnect. */
  #welcomeAt = 0;
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
    this.#requests = new Requests(
      outbox,
      (message) => this.#post(message),
      (name, detail) => this.#tell(name, detail),
    );
  }

  get state() {
    return this.#state;
  }

  /** Submissions the server has not acknowledged yet, oldest first. */
  get unacknowledged() {
    return this.#requests.submissions;
  }

  connect() {
    if (this.#state === State.STOPPED) this.#open();
  }

  /** Leave for good; submissions without an acknowledgement stay in the outbox. */
  close() {
    this.#abandon();
    this.#setState(State.STOPPED, { code: 1000 });
  }

  /**
   * Call when the network or the page came back: reconnects, or tests the line. It does
   * not help where the server has asked us to stay away.
   */
  wake() {
    if (this.#state === State.WAITING && Date.now() >= this.#welcomeAt) {
      clearTimeout(this.#retry);
      this.#open();
    } else if (this.#state === State.ONLINE) {
      this.#ping();
    }
  }

  /**
   * Submit `{text}`, `{event}` or both; `submitted` or `refused` follows, perhaps after
   * some `postponed`.
   * @returns {string} the key that names the submission in these events.
   */
  submit(data) {
    return this.#requests.submit(data);
  }

  /**
   * Give up a postponed submission.
   * @returns {object|undefined} its data; undefined if it goes on: it is on its way, or
   *     may be a task already.
   */
  takeBack(key) {
    return this.#requests.takeBack(key);
  }

  /** The state of one task, as a task_status_update. */
  getTaskStatus(taskId) {
    return this.#requests.ask({ type: "get_task_status", task_id: taskId });
  }

  /** Call a task off; rejected as `not_cancellable`, with its status, if it has ended. */
  cancel(taskId) {
    return this.#requests.ask({ type: "cancel_task", task_id: taskId });
  }

  async getMyTasks() {
    return (await this.#requests.ask({ type: "get_my_tasks" })).tasks;
  }

  async getStats() {
    return (await this.#requests.ask({ type: "get_stats" })).data;
  }

  // --- The life of one connection -------------------------------------------------

  #open() {
    this.#askedToWait = undefined;
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
      this.#remember(message);
      this.#requests.settle(message.request_id, message);
      this.#tell("task", message);
    } else if (message.type === "error") {
      if (!message.request_id) this.#askedToWait = message.retry_after;
      this.#requests.settle(message.request_id, new ProtocolError(message));
    } else {
      this.#requests.settle(message.request_id, message);
    }
  }

  /** An answer (only these have `created_at`) may be ahead of updates under way. */
  #remember({ timestamp, created_at }) {
    if (created_at === undefined) {
      this.#newestUpdate = Math.max(this.#newestUpdate, timestamp);
    }
  }

  /** Come back as who we were, or become who the server says we are. */
  #introduce({ client_id, resume_token, timestamp }) {
    this.#offered = { client_id, resume_token };
    const known = this.#identity.get("identity");
    // After a reload the list is asked for: what had ended need not be told as well.
    const since = this.#newestUpdate || timestamp;
    if (!known) this.#become(this.#offered);
    else this.#transmit({ type: "resume", request_id: RESUME, ...known, since });
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
    this.#requests.postAll();
    this.#tell("ready", identity);
  }

  /** Before the connection is ready nothing is sent; `#become` sends what is kept. */
  #post(message) {
    if (this.#state === State.ONLINE) this.#transmit(message);
  }

  #transmit(message) {
    this.#socket.send(JSON.stringify(message));
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
    if (code === CloseCode.MESSAGE_TOO_LARGE) this.#requests.refuseLargest();
    if (code === CloseCode.UNAUTHORIZED) {
      this.#setState(State.STOPPED, { code });
      return;
    }
    const isTurnedAway = code === CloseCode.TOO_MANY_CONNECTIONS;
    const atLeast = isTurnedAway ? (this.#askedToWait ?? 0) * 1000 : 0;
    const delay = this.#backoff.nextDelay(code, atLeast);
    this.#welcomeAt = Date.now() + atLeast;
    this.#retry = setTimeout(() => this.#open(), delay);
    this.#setState(State.WAITING, { code, retryAt: Date.now() + delay });
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
