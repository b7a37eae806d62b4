/* Attendance: all present with one click, then the exceptions. Without it each is ticked by hand. */
"use strict";

document.addEventListener("click", (evento) => {
  if (!evento.target.closest("[data-tutti-presenti]")) {
    return;
  }
  document.querySelectorAll('.presenze input[type="radio"][value="presente"]').forEach((scelta) => { scelta.checked = true; });
});
