// "/" goes to the search, Escape back to where the reader was.

const search = document.querySelector('[data-behaviour~="search"]');
let before = null;

document.addEventListener("keydown", (event) => {
  if (!search) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    before = document.activeElement;
    search.focus();
    search.select();
  } else if (event.key === "Escape" && event.target === search) {
    before?.focus();
    search.blur();
  }
});
