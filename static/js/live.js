// Keeps the page live. One stream per browser (which opens six connections to a host), held by the
// tab that has the lock, tells every tab what went stale. Where no stream can be had, each visible
// tab asks again every now and then. fragments.js fetches, clock.js shows how it stands.

const path = document.body.dataset.stream || "/live";
const isPublic = path !== "/live";
const channel = new BroadcastChannel(`live:${path}`);
const ASK_MS = 5_000;
const POLL_MS = 10_000 + Math.random() * 5_000; // not all browsers at once
const SPREAD_MS = 2_000; // many browsers do not ask in the same instant
const EVERYTHING = "";
let connected = null; // not known yet
let heardAt = performance.now();
let polledAt = performance.now();
let stream = null; // only in the tab that holds it

function refresh(topic, spread) {
  document.dispatchEvent(new CustomEvent("topic", { detail: { topic, spread } }));
}

function say(now) {
  if (now && connected === false) refresh(EVERYTHING, SPREAD_MS); // who knows what was missed
  if (now !== connected) document.dispatchEvent(new CustomEvent("live", { detail: { connected: now } }));
  connected = now;
}

function hear({ kind, topic }) {
  if (kind === "ask") {
    return void (stream && connected !== null && channel.postMessage({ kind: connected ? "live" : "lost" }));
  }
  heardAt = performance.now();
  if (kind === "stale") refresh(topic, topic === EVERYTHING || isPublic ? SPREAD_MS : 0);
  if (kind === "live" || kind === "lost") say(kind === "live");
}

function tell(message) {
  channel.postMessage(message);
  hear(message);
}

function open() {
  stream = new EventSource(path);
  stream.addEventListener("open", () => tell({ kind: "live" }));
  stream.addEventListener("error", () => tell({ kind: "lost" }));
  stream.addEventListener("lost", () => tell({ kind: "lost" }));
  stream.addEventListener("stale", ({ data }) => tell({ kind: "stale", topic: data }));
  stream.addEventListener("refresh", () =>
    tell(connected === false ? { kind: "live" } : { kind: "stale", topic: EVERYTHING }));
}

// The ticket of the stream is renewed by every page and fragment, so a refused stream is tried again
// after the page has asked.
function poll() {
  polledAt = performance.now();
  refresh(EVERYTHING, 0);
  if (stream?.readyState === EventSource.CLOSED) setTimeout(open, 2_000);
}

setInterval(() => {
  const now = performance.now();
  if (!stream) channel.postMessage({ kind: "ask" });
  if (!stream && now - heardAt > 3 * ASK_MS) say(false); // its holder sleeps, or there is none
  if (!connected && !document.hidden && now - polledAt > POLL_MS) poll();
}, ASK_MS);

channel.addEventListener("message", ({ data }) => hear(data));
channel.postMessage({ kind: "ask" });
// Never resolved: the lock is ours until this tab is gone. (A plain address over HTTP has no locks.)
navigator.locks?.request(`live:${path}`, () => new Promise(open));
