/** Reading the event that a person typed as JSON. */

import { word } from "./words.js";

/** What is wrong with the text, for people; `index` is where, if that is known. */
export class EventTextError extends Error {
  constructor(message, index = null) {
    super(message);
    this.index = index;
  }
}

/**
 * The event in `text`, checked as far as a sender can.
 * @throws {EventTextError}
 */
export function readEvent(text) {
  const event = parse(text);
  if (event === null || typeof event !== "object" || Array.isArray(event)) {
    throw new EventTextError(word("event.not_object"));
  }
  if (typeof event.transcript !== "string" || event.transcript.trim() === "") {
    throw new EventTextError(word("event.no_transcript"));
  }
  return event;
}

function parse(text) {
  if (text.trim() === "") throw new EventTextError(word("event.empty"));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw explain(error.message, text);
  }
}

/** Browsers say where the fault is as an index, as line and column, or not at all. */
function explain(reason, text) {
  const index = findIndex(reason, text);
  if (index === null) return new EventTextError(word("event.invalid"));
  const before = text.slice(0, index).split("\n");
  const place = { line: before.length, column: before.at(-1).length + 1 };
  return new EventTextError(word("event.invalid_at", place), index);
}

function findIndex(reason, text) {
  const position = /position (\d+)/.exec(reason);
  if (position) return Number(position[1]);
  const place = /line (\d+) column (\d+)/.exec(reason);
  if (place) {
    const linesBefore = text.split("\n").slice(0, Number(place[1]) - 1);
    return linesBefore.join("\n").length + Number(place[2]);
  }
  return /end of/.test(reason) ? text.length : null;
}
