// Puts what a live session says into its page, as it comes. A link that breaks is taken up again by the browser.
const live = document.getElementById("live");
const source = new EventSource(live.dataset.events);

function put(name, text) {
  const place = live.querySelector(`[data-live="${name}"]`);
  if (place && place.textContent !== text) place.textContent = text;
}

source.onmessage = (event) => {
  for (const [name, text] of Object.entries(JSON.parse(event.data))) put(name, text);
};
source.addEventListener("over", () => {
  source.close();
  location.reload();
});
source.onerror = () => put("state", live.dataset.away);
