// For other sites: gives each frame of this site the height of the chart in it.
const site = new URL(import.meta.url).origin;
addEventListener("message", (event) => {
  if (event.origin !== site || event.data?.homeroom !== "height") return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === event.source) frame.style.height = `${event.data.height}px`;
  }
});
