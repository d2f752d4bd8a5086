// Forms: a filter applies itself when it changes; an act is sent once however often it is pressed.

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches('[data-behaviour~="filters"]')) form.requestSubmit();
});

// What is empty says nothing: it stays out of the address.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches('[data-behaviour~="filters"]')) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});

const open = (form) => {
  delete form.dataset.sent;
  form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
};
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) open(form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(open));

// A blocked button stays reachable and does nothing; its reason stands beside it.
document.addEventListener("click", (event) => {
  if (event.target.closest('[aria-disabled="true"]')) event.preventDefault();
}, true);
