// A link with data-behaviour="dialog" leads to a page that asks a question. Here the question is
// fetched when it is pressed, so that what it says holds at that moment, and opened over this page.
// Whatever goes wrong, the link is followed instead.

let asking = false;

async function ask(link) {
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = document.importNode(page.querySelector("dialog"), true);
  dialog.removeAttribute("open");
  dialog.querySelector("form")?.setAttribute("action", new URL(
    dialog.querySelector("form").getAttribute("action") || link.href, link.href,
  ));
  document.body.append(dialog);
  dialog.showModal();
  dialog.addEventListener("close", () => dialog.remove());
  dialog.querySelector("[autofocus], textarea, .field .input")?.focus();
  dialog.dispatchEvent(new CustomEvent("dialog:open", { bubbles: true }));
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest('a[data-behaviour~="dialog"]');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (asking) return;
  asking = true;
  link.setAttribute("aria-busy", "true");
  try {
    await ask(link);
  } catch {
    location.assign(link.href);
  } finally {
    asking = false;
    link.removeAttribute("aria-busy");
  }
});

// The safe answer closes the dialog; on the question's own page it is the link that it is. A press
// beside the dialog closes it too, unless something was written in it.
document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog:modal");
  if (!dialog) return;
  const keeps = event.target.closest('[data-behaviour~="dialog-close"]');
  if (!keeps && !(isBeside(event, dialog) && isUntouched(dialog))) return;
  event.preventDefault();
  dialog.close();
});

function isBeside({ target, clientX: x, clientY: y }, dialog) {
  const box = dialog.getBoundingClientRect();
  const inside = x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  return target === dialog && !inside;
}

const isUntouched = (dialog) =>
  [...dialog.querySelectorAll("textarea, input")].every((field) => field.value === field.defaultValue);

// Enter sends, also from a field of several lines; Shift and Enter makes a new line.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!field.matches("dialog textarea")) return;
  event.preventDefault();
  field.form.requestSubmit();
});
