/** The keys of the review page: each presses the button or link that names it. */

const page = document.querySelector("[data-review]");
const note = page.querySelector("textarea[name=note]");
let isSent = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target === note) {
    if (event.key === "Escape") note.blur();
    return;
  }
  if (event.target.closest("input, textarea, select")) return;
  const target = page.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target || target.disabled || event.repeat) return;
  event.preventDefault();
  if (target === note) note.focus();
  else target.click();
});

// A second key before the next task is here would judge the one before again.
page.addEventListener("submit", (event) => {
  if (isSent) event.preventDefault();
  isSent = true;
});
window.addEventListener("pageshow", () => {
  isSent = false;
});
