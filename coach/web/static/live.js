// Puts what a live session says into its page, as it comes. A link that breaks is taken up again by the browser.
const live = document.getElementById("live");
const source = new EventSource(live.dataset.events);

function put(name, text) {
  const place = live.querySelector(`[data-live="${name}"]`);
  if (place && place.textContent !== text) place.textContent = text;
  // A figure that nothing measures has no box; once there was one it stays, also while its machine is silent.
  if (place && place.parentElement.hidden && text !== "–") place.parentElement.hidden = false;
}

source.onmessage = (event) => {
  for (const [name, text] of Object.entries(JSON.parse(event.data))) put(name, text);
};
source.addEventListener("over", () => {
  source.close();
  location.reload();
});
source.onerror = () => put("state", live.dataset.away);
