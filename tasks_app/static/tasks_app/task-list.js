import { NO_OUTLOOK } from "./outlook-view.js";
import { TaskCard } from "./task-card.js";
import { word } from "./words.js";

/** All my tasks, newest on top. */
export class TaskList {
  #heading;
  #list;
  #empty;
  #count;
  #announcer;
  #ticks;
  /** Cards by task id, and by submission key until that is acknowledged. */
  #cards = new Map();

  constructor(section, ticks) {
    this.#heading = section.querySelector("h2");
    this.#list = section.querySelector("#tasks");
    this.#empty = section.querySelector("#no-tasks");
    this.#count = section.querySelector("#task-count");
    this.#announcer = section.querySelector("#announcer");
    this.#ticks = ticks;
    setInterval(() => this.#tick(), 1000);
  }

  has(taskId) {
    return this.#cards.has(taskId);
  }

  /** A submission the server has not acknowledged yet. */
  expect({ key, data }) {
    const text = data.text ?? data.event?.transcript;
    this.#add(key, { key, status: "sending", text, created_at: Date.now() / 1000 });
  }

  /** On a narrow screen the newest task comes below the form. */
  reveal() {
    const { top, bottom } = this.#list.firstElementChild.getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight) this.#heading.scrollIntoView();
  }

  /** The server has acknowledged it: the card becomes the task's. */
  confirm({ key, task }) {
    const card = this.#cards.get(key);
    this.#cards.delete(key);
    if (!card) return;
    if (this.has(task.task_id)) {
      card.element.remove();
    } else {
      this.#cards.set(task.task_id, card);
      this.apply({ ...task, created_at: task.timestamp });
    }
  }

  /** The server will take it later, at `retryAt`; error is a ProtocolError. */
  postpone({ key, error, retryAt, mayBeTask }) {
    this.#cards.get(key)?.postpone(error.message, retryAt, mayBeTask);
  }

  /** Pending tasks that somebody can see, those with the oldest news first. */
  get waitingInView() {
    return [...this.#cards.values()]
      .filter((card) => card.isWaitingInView)
      .map((card) => card.task)
      .sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
  }

  /** It will not become a task. */
  withdraw({ key }) {
    this.#cards.get(key)?.element.remove();
    this.#cards.delete(key);
    this.#showCount();
  }

  /** The server will not cancel it; error is a ProtocolError. */
  refuseCancel(taskId, error) {
    this.#cards.get(taskId)?.refuseCancel(error);
  }

  /** The server's list; with it is known whether there are none. */
  load(tasks) {
    for (const task of tasks) this.apply(task);
    this.#showCount();
  }

  /** News of a task: an update, or its entry in a list. Progress alone is no state. */
  apply(news) {
    const card = this.#cards.get(news.task_id);
    if (!card) {
      if (news.revision === undefined) return;
      // Of a step that is told again after a reconnect, the place is that of long ago.
      this.#add(news.task_id, { created_at: news.timestamp, ...news, ...NO_OUTLOOK });
    } else if (card.apply(news) && card.isFinal) {
      this.#announce(card.task);
    }
  }

  #add(key, task) {
    const card = new TaskCard(task, this.#ticks);
    this.#cards.set(key, card);
    const cards = [...this.#cards.values()];
    this.#cards.get(task.retry_of)?.noteRetry();
    if (cards.some((other) => other.task.retry_of === key)) card.noteRetry();
    const next = cards
      .filter((other) => other.task.created_at < task.created_at)
      .sort((a, b) => b.task.created_at - a.task.created_at)[0];
    this.#list.insertBefore(card.element, next?.element ?? null);
    this.#showCount();
  }

  #showCount() {
    this.#empty.hidden = this.#cards.size > 0;
    this.#count.textContent = this.#cards.size || "";
  }

  /** The end of a task, aloud; the steps before would only be noise. */
  #announce({ status, text, result, error }) {
    const outcome = result?.summary_text ?? error ?? "";
    const facts = { status: word(`status.${status}`), text: text ?? "", outcome };
    this.#announcer.textContent = word("announce", facts);
  }

  #tick() {
    for (const card of this.#cards.values()) card.tick();
  }
}
