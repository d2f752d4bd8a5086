// A button with data-behaviour="copy" puts the text of the element that data-copies names (its id)
// onto the clipboard. Without scripts it stays hidden: the text can be selected.

const word = (button) => button.querySelector("span");
const reveal = () => {
  for (const button of document.querySelectorAll('[data-behaviour~="copy"][hidden]')) button.hidden = false;
};

if (navigator.clipboard) reveal();

document.addEventListener("click", async (event) => {
  const button = event.target.closest('[data-behaviour~="copy"]');
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
  const before = word(button).textContent;
  word(button).textContent = "Copied";
  setTimeout(() => { word(button).textContent = before; }, 2000);
});
