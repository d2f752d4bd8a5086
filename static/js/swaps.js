// Guards a fragment that htmx fetched again.

const isLive = (event) => event.detail.requestConfig?.triggeringEvent?.type === "stale";

// An answer without the fragment (signed out, gone, taken over) would wipe it away. A refusal is put
// beside what was pressed; anything else is shown by loading the page, which says why.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, elt, target } = event.detail;
  const wanted = elt.closest("[hx-select]")?.getAttribute("hx-select");
  if (isLive(event) && isInUse(target)) {
    event.detail.shouldSwap = false;
    target.dataset.waiting = "";
    return;
  }
  if (!wanted?.startsWith("#") || xhr.status === 204) return;
  if (xhr.responseText.includes(`id="${wanted.slice(1)}"`)) return;
  event.detail.shouldSwap = false;
  if (xhr.status >= 400 && xhr.status < 500 && refuse(elt, xhr.responseText)) return;
  if (xhr.status < 500) location.reload();
});

function refuse(elt, text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const sentence = page.querySelector("[data-refusal] h1")?.textContent.trim();
  const form = elt.closest("form");
  if (!sentence || !form) return false;
  const line = form.querySelector(".refusal") ?? form.appendChild(document.createElement("p"));
  line.className = "refusal";
  line.setAttribute("role", "alert");
  line.replaceChildren(document.createElement("span"));
  line.firstChild.textContent = sentence;
  return true;
}

// What somebody reads opened, or types into, is not pulled away; it is fetched once they are done.
function isInUse(target) {
  const field = target.querySelector("input:focus, textarea:focus, select:focus");
  return Boolean(field || target.querySelector("details[open]"));
}

function catchUp(event) {
  const target = event.target.closest?.("[data-waiting]");
  if (!target) return;
  setTimeout(() => {
    if (isInUse(target) || !("waiting" in target.dataset)) return;
    delete target.dataset.waiting;
    target.dispatchEvent(new CustomEvent("stale"));
  });
}
document.addEventListener("focusout", catchUp);
document.addEventListener("toggle", catchUp, true);
