/** Every text the page shows by script, in the page's language, from its template. */

const entries = document.getElementById("words").content.children;
const words = new Map([...entries].map((entry) => [entry.dataset.word, entry.textContent]));

const language = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium", hourCycle: "h23" });
const calendar = new Intl.DateTimeFormat(language, {
  dateStyle: "medium",
  timeStyle: "short",
  hourCycle: "h23",
});
const percentage = new Intl.NumberFormat(language, { style: "percent" });
const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

/** Whether the template has this word. */
export function hasWord(key) {
  return words.has(key);
}

/** The text for a key; `{name}` in it becomes `facts.name`. */
export function word(key, facts = {}) {
  const text = words.get(key) ?? key;
  return text.replace(/\{(\w+)\}/g, (placeholder, name) => facts[name] ?? placeholder);
}

/** @param {number} seconds since 1970, as all times of the protocol. */
export function formatTime(seconds) {
  const date = new Date(seconds * 1000);
  const isToday = date.toDateString() === new Date().toDateString();
  return (isToday ? clock : calendar).format(date);
}

export function formatPercent(fraction) {
  return percentage.format(fraction);
}

/** A span of time, as exact as a person wants it. */
export function formatDuration(seconds) {
  if (seconds < 0.1) {
    return word("span.milliseconds", { n: Math.round(seconds * 1000) });
  }
  if (seconds < 60) {
    const exact = seconds < 10 ? seconds : Math.round(seconds);
    return word("span.seconds", { n: decimal.format(exact) });
  }
  if (seconds < 5400) {
    return word("span.minutes", { n: decimal.format(Math.round(seconds / 60)) });
  }
  return word("span.hours", { n: decimal.format(seconds / 3600) });
}
