import { EventTextError, readEvent } from "./event-text.js";
import { formatDuration, hasWord, word } from "./words.js";

/** What the message around an event may take. */
const ENVELOPE_BYTES = 256;

/** The form: one sentence, or an event as JSON. Emits `compose` with {text} or {event}. */
export class Composer extends EventTarget {
  #form;
  #text;
  #eventText;
  #exampleEvent;
  #button;
  #fault;
  #counter;
  #maxLength;
  #maxBytes;
  #countdown;

  constructor(form) {
    super();
    this.#form = form;
    this.#text = form.elements.text;
    this.#eventText = form.elements.event;
    this.#exampleEvent = this.#eventText.value;
    this.#button = form.querySelector("[type=submit]");
    this.#fault = form.querySelector("#fault");
    this.#counter = form.querySelector("#counter");
    this.#maxLength = Number(form.dataset.maxLength);
    this.#maxBytes = Number(form.dataset.maxBytes);
    this.#listen();
    this.#showMode();
    this.#count();
  }

  /** Put text into the sentence field, for the person to look at and send. */
  propose(text) {
    this.#form.elements.mode.value = "text";
    this.#showMode();
    this.#text.value = text;
    this.#count();
    this.#clearFault();
    this.#text.focus();
  }

  /** A submission came back: say why, and give a sentence back to its author. */
  refuse(data, error) {
    this.#form.elements.mode.value = data.text ? "text" : "event";
    this.#showMode();
    if (data.text) {
      const typedMeanwhile = this.#text.value;
      this.#text.value = [data.text, typedMeanwhile].filter(Boolean).join("\n");
      this.#count();
    }
    this.#showFault(describe(error), this.#field);
    if (error.retryAfter) this.#waitFor(error);
  }

  get #isEvent() {
    return this.#form.elements.mode.value === "event";
  }

  get #field() {
    return this.#isEvent ? this.#eventText : this.#text;
  }

  #listen() {
    const listen = (name, react) => this.#form.addEventListener(name, react);
    listen("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    listen("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#form.requestSubmit(this.#button);
    });
    listen("input", () => {
      this.#clearFault();
      this.#count();
    });
    listen("change", () => this.#showMode());
    this.#listenToTools();
  }

  #listenToTools() {
    this.#form.querySelector("#restore-event").addEventListener("click", () => {
      this.#eventText.value = this.#exampleEvent;
      this.#clearFault();
    });
    this.#form.querySelector("#tidy-event").addEventListener("click", () => this.#tidy());
  }

  #showMode() {
    this.#form.dataset.mode = this.#form.elements.mode.value;
    this.#clearFault();
  }

  #submit() {
    if (this.#button.disabled) return;
    this.#clearFault();
    const data = this.#isEvent ? this.#readEvent() : this.#readText();
    if (data) this.dispatchEvent(new CustomEvent("compose", { detail: data }));
  }

  #readText() {
    const text = this.#text.value.trim();
    if (text === "") return this.#showFault(word("compose.empty"), this.#text);
    if (lengthOf(text) > this.#maxLength) {
      const limit = { limit: this.#maxLength };
      return this.#showFault(word("compose.too_long", limit), this.#text);
    }
    this.#text.value = "";
    this.#count();
    return { text };
  }

  #readEvent() {
    try {
      const event = readEvent(this.#eventText.value);
      if (new Blob([JSON.stringify(event)]).size > this.#maxBytes - ENVELOPE_BYTES) {
        throw new EventTextError(word("event.too_large"));
      }
      return { event };
    } catch (error) {
      if (!(error instanceof EventTextError)) throw error;
      this.#showFault(error.message, this.#eventText);
      if (error.index !== null) {
        this.#eventText.setSelectionRange(error.index, error.index + 1);
      }
      return null;
    }
  }

  #tidy() {
    const data = this.#readEvent();
    if (data) this.#eventText.value = JSON.stringify(data.event, null, 2);
  }

  #count() {
    const length = lengthOf(this.#text.value.trim());
    this.#counter.textContent = word("compose.count", { length, limit: this.#maxLength });
    this.#counter.classList.toggle("over", length > this.#maxLength);
  }

  #showFault(message, field) {
    this.#fault.textContent = message;
    field.setAttribute("aria-invalid", "true");
    field.focus();
    return null;
  }

  #clearFault() {
    if (this.#button.disabled) return;
    this.#fault.textContent = "";
    this.#text.removeAttribute("aria-invalid");
    this.#eventText.removeAttribute("aria-invalid");
  }

  /** Too early again would only be refused again; meanwhile the fault stays. */
  #waitFor(error) {
    const until = Date.now() + error.retryAfter * 1000;
    clearInterval(this.#countdown);
    this.#button.disabled = true;
    this.#countdown = setInterval(() => {
      const left = (until - Date.now()) / 1000;
      if (left > 0) this.#fault.textContent = describe(error, left);
      else this.#stopWaiting();
    }, 250);
  }

  #stopWaiting() {
    clearInterval(this.#countdown);
    this.#button.disabled = false;
    this.#clearFault();
  }
}

/** In characters, as the server counts, not in UTF-16 units. */
function lengthOf(text) {
  return [...text].length;
}

/** What happened, and what to do about it. */
function describe(error, secondsLeft = error.retryAfter) {
  const own = `error.${error.code}`;
  const happened = hasWord(own) ? word(own) : error.message;
  if (!secondsLeft) return happened;
  const span = formatDuration(Math.ceil(secondsLeft));
  return word("hint.retry_after", { happened, span });
}
