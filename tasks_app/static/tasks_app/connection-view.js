import { CloseCode, State } from "./client.js";
import { showText } from "./elements.js";
import { formatDuration, word } from "./words.js";

/** Says how the connection is, and lets an impatient person reconnect now. */
export class ConnectionView {
  #text;
  #countdown;
  #button;
  #detail = { state: State.CONNECTING };

  constructor(root, client) {
    this.#text = root.querySelector("#connection-text");
    this.#countdown = root.querySelector("#connection-countdown");
    this.#button = root.querySelector("#reconnect");
    this.#button.addEventListener("click", () => client.wake());
    client.addEventListener("state", ({ detail }) => {
      this.#detail = detail;
      this.#show();
    });
    setInterval(() => this.#show(), 1000);
  }

  #show() {
    const { state, code } = this.#detail;
    const isTurnedAway = code === CloseCode.TOO_MANY_CONNECTIONS;
    document.documentElement.dataset.connection = state;
    this.#button.hidden = state !== State.WAITING || isTurnedAway;
    showText(this.#text, this.#describe());
    showText(this.#countdown, state === State.WAITING ? this.#timeLeft() : "");
  }

  #describe() {
    const { state, code } = this.#detail;
    if (code === CloseCode.UNAUTHORIZED) return word("connection.unauthorized");
    if (code === CloseCode.TOO_MANY_CONNECTIONS) return word("connection.too_many");
    return word(`connection.${state}`);
  }

  #timeLeft() {
    const left = Math.max(1, Math.ceil((this.#detail.retryAt - Date.now()) / 1000));
    return word("connection.retry_in", { span: formatDuration(left) });
  }
}
