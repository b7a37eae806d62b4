/* The CV written from the file. */
"use strict";

// The preview opens in another tab and this page stays: it may be asked for again, and then the CV be saved.
document.addEventListener("submit", (evento) => {
  if (evento.submitter && evento.submitter.formTarget === "_blank") {
    setTimeout(() => { delete evento.target.dataset.inviato; }, 0);
  }
});
