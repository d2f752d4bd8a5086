// Tells fragments that they are stale, so that htmx fetches them again. live.js says what is, with the
// event "topic" on the document; "" is everything.

const missed = new Set(); // topics that went stale while nobody looked
const again = new Set(); // ids of fragments that went stale while they were fetched

function refresh(topic, spread) {
  if (document.hidden) return void missed.add(topic);
  const chosen = topic ? `[data-live~="${CSS.escape(topic)}"]` : "[data-live]";
  setTimeout(() => document.querySelectorAll(chosen).forEach(renew), Math.random() * spread);
}

// htmx forgets what a fragment is told while its successor is on the way, so it is told again then.
function renew(fragment) {
  if (fragment.matches(".htmx-request, .htmx-added")) return void again.add(fragment.id);
  fragment.dispatchEvent(new CustomEvent("stale"));
}

function arrived({ target }) {
  if (again.delete(target.id)) renew(target);
}

document.addEventListener("topic", ({ detail }) => refresh(detail.topic, detail.spread));
document.addEventListener("htmx:afterSettle", arrived);
document.addEventListener("htmx:afterRequest", arrived);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const topic of missed.has("") ? [""] : missed) refresh(topic, 0);
  missed.clear();
});
