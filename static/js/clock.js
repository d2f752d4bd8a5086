// The clock of the top line: the time in the reader's zone, and whether the page is live.
// live.js tells the latter with the event "live" (detail: { connected: true or false }).

const clock = document.querySelector('[data-behaviour="clock"]');

if (clock) {
  const word = clock.querySelector(".clock-word");
  const time = clock.querySelector("time");
  const zoned = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
  });
  let lostAt = null;
  let known = false;

  const tick = () => {
    const at = lostAt ?? new Date();
    time.dateTime = at.toISOString();
    time.title = at.toUTCString().replace("GMT", "UTC");
    time.textContent = zoned.format(at);
  };

  document.addEventListener("live", ({ detail }) => {
    if (known && detail.connected === !lostAt) return;
    known = true;
    lostAt = detail.connected ? null : new Date();
    clock.toggleAttribute("data-live", detail.connected);
    if (detail.connected) delete clock.dataset.state;
    else clock.dataset.state = "stale";
    word.innerHTML = detail.connected
      ? "Live"
      : 'Not live<span class="only-wide">: reconnecting</span> since';
    tick();
  });

  // Until a stream is open the page is as old as its making, so the clock stands.
  setInterval(() => known && !document.hidden && !lostAt && tick(), 1000);
  time.textContent = zoned.format(new Date(time.dateTime));
}
