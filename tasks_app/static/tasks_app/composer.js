import { EventTextError, readEvent } from "./event-text.js";
import { hasWord, word } from "./words.js";

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

  /** Give a submission back to its author. */
  giveBack(data) {
    this.#form.elements.mode.value = data.text ? "text" : "event";
    this.#showMode();
    if (data.text) {
      const typedMeanwhile = this.#text.value;
      this.#text.value = [data.text, typedMeanwhile].filter(Boolean).join("\n");
      this.#count();
    } else {
      this.#eventText.value = JSON.stringify(data.event, null, 2);
    }
    this.#field.focus();
  }

  /** A submission came back for good: say why. */
  refuse(data, error) {
    this.giveBack(data);
    this.#showFault(describe(error), this.#field);
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
      const size = new Blob([JSON.stringify(event)]).size;
      if (this.#maxBytes && size > this.#maxBytes - ENVELOPE_BYTES) {
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
    this.#fault.textContent = "";
    this.#text.removeAttribute("aria-invalid");
    this.#eventText.removeAttribute("aria-invalid");
  }
}

/** In characters, as the server counts, not in UTF-16 units. */
function lengthOf(text) {
  return [...text].length;
}

/** What happened, in words of our own where we have better ones. */
function describe({ code, message }) {
  const own = `error.${code}`;
  return hasWord(own) ? word(own) : message;
}
