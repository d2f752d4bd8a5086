// What is typed into a form with data-behaviour="preview" is shown beside it as it will be read.
// The elements that show it carry data-shows="<name of the field>".

const shown = (form, name) => document.querySelector(`[data-shows="${CSS.escape(name)}"]`);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches('[data-behaviour~="preview"]')) return;
  const place = shown(form, event.target.name);
  if (place) place.textContent = event.target.value;
});
