// Keeps one page, which says that the server is not reached. Nothing else is ever kept.
const KEEP = "lull-away-1";
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEEP).then((kept) => kept.add(OFFLINE)));
  self.skipWaiting();
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) =>
      Promise.all(names.filter((name) => name !== KEEP).map((name) => caches.delete(name)))
    )
  );
});
self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate" || event.request.method !== "GET") return;
  event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
});
