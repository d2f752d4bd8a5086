// Guards a fragment that htmx fetched again. An answer without the fragment (signed out, not found,
// taken over by another page) would wipe it away; then the page itself is loaded, which says why.

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, elt } = event.detail;
  const wanted = elt.closest("[hx-select]")?.getAttribute("hx-select");
  if (!wanted?.startsWith("#") || xhr.status === 204) return;
  if (xhr.responseText.includes(`id="${wanted.slice(1)}"`)) return;
  event.detail.shouldSwap = false;
  if (xhr.status < 500) location.reload();
});
