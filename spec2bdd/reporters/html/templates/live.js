// Only where the page is served: show it again when it has changed. The anchor stays, and so does the place.
new EventSource("changes").addEventListener("message", () => location.reload());
