// Makes pages better; each works without it.
"use strict";
// Over a slow link the page can be read before anything else is fetched: the worker that says that
// the server is not reached, and, where a part of the page renews itself, what that needs.
const RENEWS = document.currentScript.dataset.renews;
window.addEventListener("load", () => {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/away.js").catch(() => {});
  if (!document.querySelector("[hx-get]")) return;
  const script = document.createElement("script");
  script.src = RENEWS;
  document.head.append(script);
});
document.documentElement.classList.add("scripted");
// A form is sent once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.setTimeout(() => delete form.dataset.sent, 4000);
});
// Printing is a button only where a script can do it.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// Going back does not show what is no longer to be seen.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
