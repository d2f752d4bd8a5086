// Says every <time data-as="…"> in the reader's zone and lets ages tick on. The rules are those of
// core/times.py; without JavaScript the server's words, in UTC, stand.

const NBSP = "\u00a0";
const DAY = 86_400_000;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

// The server's clock, not the reader's: the page says when it was made. A page from the browser's
// cache says when it was made once, so then the reader's clock has to do.
const loaded = performance.getEntriesByType("navigation")[0];
const made = Date.parse(document.documentElement.dataset.now);
const skew = made && loaded?.transferSize ? made - performance.timeOrigin - loaded.responseStart : 0;
const now = () => Date.now() + (Math.abs(skew) > 2000 ? skew : 0);

const two = (n) => String(n).padStart(2, "0");
const minutes = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
const seconds = (at) => `${minutes(at)}:${two(at.getSeconds())}`;
const zone = (at) =>
  new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" })
    .formatToParts(at).find(({ type }) => type === "timeZoneName").value;
const date = (at) => `${at.getDate()}${NBSP}${months[at.getMonth()]}`;

function day(at, today) {
  const old = today - at;
  if (old >= 0 && old < 6 * DAY) return `${weekdays[at.getDay()]} ${minutes(at)}`;
  return at.getFullYear() === today.getFullYear()
    ? `${date(at)} ${minutes(at)}`
    : `${date(at)}${NBSP}${at.getFullYear()}`;
}

function age(at, today, styles) {
  const old = Math.floor((today - at) / 1000);
  if (old >= 86_400) return day(at, today);
  if (old < 1) return "now";
  const hours = Math.floor(old / 3600);
  const rest = Math.floor(old / 60) % 60;
  let words = old < 60 ? `${old}${NBSP}s` : `${rest}${NBSP}min`;
  if (hours) words = `${hours}${NBSP}h` + (rest && !styles.includes("short") ? ` ${rest}${NBSP}min` : "");
  return styles.includes("ago") ? `${words} ago` : words;
}

function stopwatch(length) {
  const total = Math.max(0, Math.floor(length / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const ways = {
  age,
  day,
  moment: (at, today) => (at.toDateString() === today.toDateString() ? seconds(at) : day(at, today)),
  log: (at) => `${date(at)} ${seconds(at)}`,
  full: (at) => `${date(at)} ${at.getFullYear()}, ${seconds(at)} ${zone(at)}`,
  clock: minutes,
  axis: date,
  elapsed: (at, today) => stopwatch(today - at),
};

function say(root, only = "") {
  const today = new Date(now());
  for (const time of root.querySelectorAll(`time[data-as${only}]`)) {
    const [way, ...styles] = time.dataset.as.split(" ");
    const words = ways[way]?.(new Date(time.dateTime), today, styles);
    if (words && words !== time.textContent) time.textContent = words;
  }
  for (const bar of root.querySelectorAll("progress[data-since]")) {
    bar.value = Math.min(bar.max, (today - Date.parse(bar.dataset.since)) / 1000);
  }
  if (only) return;
  for (const axis of root.querySelectorAll("[data-clock]")) {
    axis.textContent = minutes(new Date(axis.dataset.clock));
  }
  for (const each of root.querySelectorAll("[data-zone]")) each.textContent = zone(today);
}

say(document);
document.addEventListener("htmx:afterSwap", () => say(document));   // before it is painted
document.addEventListener("htmx:load", (event) => say(event.target.parentElement ?? document));
document.addEventListener("dialog:open", (event) => say(event.target));
setInterval(() => document.hidden || (say(document, '^="age"'), say(document, '="elapsed"')), 1000);
document.addEventListener("visibilitychange", () => document.hidden || say(document));
