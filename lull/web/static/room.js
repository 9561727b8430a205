// Makes pages better; each works without it.
"use strict";
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/away.js").catch(() => {});
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
