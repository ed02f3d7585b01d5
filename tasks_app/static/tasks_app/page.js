/** The page: what a person does goes to the client, what the client hears is shown. */

import { ProtocolError, PulseWeaveClient } from "./client.js";
import { Composer } from "./composer.js";
import { ConnectionView } from "./connection-view.js";
import { keepFresh } from "./keep-fresh.js";
import { StatsPanel } from "./stats-panel.js";
import { StoredMap } from "./stored-map.js";
import { TaskList } from "./task-list.js";
import { Ticks } from "./ticks.js";

const LIST_AGAIN_AFTER_MS = 300;
/** Of how many tasks the place is asked at once. */
const PLACES_AT_ONCE = 5;

const scheme = location.protocol === "https:" ? "wss" : "ws";
const endpoint = `${scheme}://${location.host}/ws?lang=${document.documentElement.lang}`;
const inThisBrowser = new StoredMap("localStorage", "pulseweave");
const client = new PulseWeaveClient(endpoint, {
  identity: inThisBrowser,
  outbox: new StoredMap("sessionStorage", "pulseweave"),
});
const composer = new Composer(document.getElementById("composer"));
const tasks = new TaskList(document.getElementById("my-tasks"), new Ticks(inThisBrowser));
const stats = new StatsPanel(document.getElementById("stats"), client);
const refreshPlaces = keepFresh(client, askPlaces);
new ConnectionView(document.getElementById("connection"), client);

let listing;
function listTasksIn(delayMs) {
  clearTimeout(listing);
  listing = setTimeout(listTasks, delayMs);
}

async function listTasks() {
  try {
    tasks.load(await client.getMyTasks());
    refreshPlaces();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    listTasksIn((error.retryAfter ?? 5) * 1000);
  }
}

/** The answers are news of the tasks, like any other. */
function askPlaces() {
  const shown = tasks.waitingInView.slice(0, PLACES_AT_ONCE);
  return Promise.all(shown.map(({ task_id }) => client.getTaskStatus(task_id)));
}

function takeBack(key) {
  const data = client.takeBack(key);
  if (!data) return;
  tasks.withdraw({ key });
  composer.giveBack(data);
}

async function cancel(taskId) {
  try {
    await client.cancel(taskId);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    // Cancelled already: the request was sent again after its answer was lost.
    if (error.status !== "cancelled") tasks.refuseCancel(taskId, error);
  }
}

composer.addEventListener("compose", ({ detail: data }) => {
  tasks.expect({ key: client.submit(data), data });
  tasks.reveal();
});
document.addEventListener("again", ({ detail: text }) => composer.propose(text));
document.addEventListener("take-back", ({ detail: key }) => takeBack(key));
document.addEventListener("cancel-task", ({ detail: taskId }) => cancel(taskId));
client.addEventListener("submitted", ({ detail }) => tasks.confirm(detail));
client.addEventListener("postponed", ({ detail }) => tasks.postpone(detail));
client.addEventListener("refused", ({ detail }) => {
  tasks.withdraw(detail);
  composer.refuse(detail.data, detail.error);
});
client.addEventListener("task", ({ detail: update }) => {
  // Submitted in another tab: an update does not say the text.
  if (!tasks.has(update.task_id)) listTasksIn(LIST_AGAIN_AFTER_MS);
  tasks.apply(update);
});
client.addEventListener("ready", () => {
  listTasks();
  stats.refresh();
});
for (const example of document.querySelectorAll("[data-example]")) {
  example.addEventListener("click", () => composer.propose(example.textContent.trim()));
}
window.addEventListener("online", () => client.wake());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) client.wake();
});

for (const submission of client.unacknowledged) tasks.expect(submission);
client.connect();
