/** Names and codes of the PulseWeave protocol, as a client needs them. */

/** @enum {string} What a connection is doing. */
export const State = Object.freeze({
  CONNECTING: "connecting",
  ONLINE: "online",
  /** Lost; tried again at `retryAt`, or at once by `wake()`. */
  WAITING: "waiting",
  /** Closed by `close()`, or by the server for good (see `code`). */
  STOPPED: "stopped",
});

/** Close codes that mean more than "come back". */
export const CloseCode = Object.freeze({
  POLICY: 1008,
  MESSAGE_TOO_LARGE: 1009,
  UNAUTHORIZED: 4401,
  TOO_MANY_CONNECTIONS: 4429,
});

/** Lost without a closing handshake. */
export const CLOSED_ABNORMALLY = 1006;

/** An `error` message of the server; `code` never changes, `message` is for people. */
export class ProtocolError extends Error {
  constructor({ message, code = "internal", field, task_id, retry_after, status }) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
    this.field = field;
    this.taskId = task_id;
    /** Seconds. */
    this.retryAfter = retry_after;
    /** Of a task that cannot be cancelled. */
    this.status = status;
  }
}
