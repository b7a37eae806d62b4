// One box that ticks all those of a name.
"use strict";
document.querySelectorAll("[data-spunta-tutti]").forEach((tutti) => {
  const caselle = [...tutti.form.querySelectorAll(`[name="${tutti.dataset.spuntaTutti}"]`)];
  const aggiorna = () => {
    const spuntate = caselle.filter((casella) => casella.checked).length;
    tutti.checked = spuntate === caselle.length;
    tutti.indeterminate = spuntate > 0 && !tutti.checked;
  };
  tutti.addEventListener("change", () => caselle.forEach((casella) => { casella.checked = tutti.checked; }));
  caselle.forEach((casella) => casella.addEventListener("change", aggiorna));
  aggiorna();
});
