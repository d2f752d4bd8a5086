// Keeps the reader's place: what had the focus in a fragment that is fetched again, or opened a
// dialog, has it again afterwards, although it is another element by then.

const FOCUSABLE = "a[href], button, summary";
const places = new Map(); // by the id of the fragment that is being replaced
let opener = null;

const same = (one, other) =>
  one.tagName === other.tagName && one.getAttribute("href") === other.getAttribute("href") &&
  (one.hasAttribute("href") || one.textContent === other.textContent);
const alike = (fragment, element) =>
  [...(fragment?.querySelectorAll(FOCUSABLE) ?? [])].filter((each) => same(each, element));

// Which one it is of those in the fragment that look the same.
function placeOf(element, fragment) {
  if (!fragment?.id || !element.matches(FOCUSABLE)) return null;
  return { id: fragment.id, element, at: alike(fragment, element).indexOf(element) };
}

function goBack(place) {
  if (!place || place.element.isConnected || document.activeElement !== document.body) return;
  const found = alike(document.getElementById(place.id), place.element);
  (found[place.at] ?? found[0])?.focus({ preventScroll: true });
}

function keep({ detail: { target } }) {
  const focused = document.activeElement;
  if (target?.id && target.contains(focused)) places.set(target.id, placeOf(focused, target));
}
function giveBack() {
  for (const [id, place] of places) {
    if (place && document.getElementById(id)?.contains(place.element)) continue;
    goBack(place);
    places.delete(id);
  }
}
for (const name of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) document.addEventListener(name, keep);
for (const name of ["htmx:afterSettle", "htmx:oobAfterSwap"]) document.addEventListener(name, giveBack);

document.addEventListener("click", ({ target }) => {
  const link = target.closest('a[data-behaviour~="dialog"]');
  if (link) opener = placeOf(link, link.closest("[data-live]"));
}, true);
document.addEventListener("close", ({ target }) => {
  if (target.matches("dialog")) setTimeout(goBack, 0, opener);
}, true);
