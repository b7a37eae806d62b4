/* The upload of a CV: dropping the file, an early word on what will be refused, the progress. The server is the judge. */
"use strict";

function mega(byte) {
  return (byte / 1048576).toLocaleString("it-IT", { maximumFractionDigits: 1 }) + " MB";
}

function avvisoSulFile(file, massimo) {
  if (file.size === 0) {
    return "Il file è vuoto: controllare di aver scelto quello giusto.";
  }
  if (file.size > massimo) {
    return "Il file è di " + mega(file.size) + ": il massimo è " + mega(massimo) + ". Ridurre le immagini o la risoluzione della scansione.";
  }
  if (!/\.pdf$/i.test(file.name)) {
    return "Il nome non finisce con .pdf: se è un documento di un altro programma, salvarlo prima come PDF.";
  }
  return "";
}

document.addEventListener("change", (evento) => {
  const campo = evento.target;
  const area = campo.matches && campo.matches("input[type=file]") && campo.closest("[data-cv-area]");
  if (!area) {
    return;
  }
  const file = campo.files[0];
  const testo = file ? avvisoSulFile(file, Number(campo.dataset.massimo)) : "";
  const avviso = area.querySelector("[data-cv-avviso]");
  avviso.querySelector("span").textContent = testo;
  avviso.hidden = !testo;
  area.querySelector("[data-cv-scelto]").textContent = file ? "Scelto: " + file.name + ", " + (file.size < 104858 ? "meno di 0,1 MB" : mega(file.size)) : "";
});

// Dropping a file anywhere in the area.
function mostraTrascina() {
  document.querySelectorAll("[data-cv-trascina]").forEach((riga) => { riga.hidden = false; });
}
document.addEventListener("DOMContentLoaded", mostraTrascina);
document.addEventListener("htmx:afterSettle", mostraTrascina);
for (const nome of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(nome, (evento) => {
    const area = evento.target.closest && evento.target.closest("[data-cv-area]");
    if (!area) {
      return;
    }
    evento.preventDefault();
    area.classList.toggle("cv-sopra", nome === "dragenter" || nome === "dragover");
    if (nome === "drop" && evento.dataTransfer.files.length) {
      const campo = area.querySelector("input[type=file]");
      const uno = new DataTransfer();
      uno.items.add(evento.dataTransfer.files[0]);
      campo.files = uno.files;
      campo.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

// Progress of the sending, then of the check.
function invio(modulo, percento) {
  const riga = modulo.querySelector("[data-cv-invio]");
  riga.hidden = percento === null;
  if (percento !== null) {
    riga.querySelector("progress").value = percento;
    const testo = riga.querySelector("[data-cv-invio-testo]");
    const detto = percento < 100 ? "Invio del file…" : "Controllo del file…";
    if (testo.textContent !== detto) {
      testo.textContent = detto;
    }
  }
}
document.addEventListener("htmx:beforeRequest", (evento) => {
  if (evento.target.matches("form[data-carica-cv]")) {
    invio(evento.target, 0);
  }
});
document.addEventListener("htmx:xhr:progress", (evento) => {
  if (evento.target.matches && evento.target.matches("form[data-carica-cv]") && evento.detail.lengthComputable) {
    invio(evento.target, Math.round((evento.detail.loaded / evento.detail.total) * 100));
  }
});
document.addEventListener("htmx:sendError", (evento) => {
  const modulo = evento.target.closest && evento.target.closest("form[data-carica-cv]");
  if (modulo) {
    invio(modulo, null);
    const avviso = modulo.querySelector("[data-cv-avviso]");
    avviso.querySelector("span").textContent = "L'invio si è interrotto e il file non è stato salvato: controllare la rete e premere di nuovo «Salva curriculum».";
    avviso.hidden = false;
  }
});
document.addEventListener("htmx:responseError", (evento) => {
  const modulo = evento.target.closest && evento.target.closest("form[data-carica-cv]");
  if (modulo) {
    invio(modulo, null);
  }
});

// The card that updates itself: silent while nobody looks, and the keyboard never loses its place.
let fuocoNellaScheda = false;
document.addEventListener("htmx:beforeRequest", (evento) => {
  if (document.hidden && evento.target.matches("[data-cv-luoghi]")) {
    evento.preventDefault();
  }
});
document.addEventListener("visibilitychange", () => {
  const scheda = document.querySelector("[data-cv-luoghi]");
  if (scheda && !document.hidden) {
    htmx.trigger(scheda, "aggiorna");
  }
});
document.addEventListener("htmx:beforeSwap", (evento) => {
  const scheda = document.getElementById("cv-luoghi");
  fuocoNellaScheda = Boolean(scheda) && evento.target === scheda && scheda.contains(document.activeElement);
});
// htmx gives the focus back to what has the same id. Where that is gone the title gets it, at once: who has moved
// elsewhere since is left there.
document.addEventListener("htmx:afterSwap", () => {
  if (fuocoNellaScheda && (document.activeElement || document.body) === document.body) {
    document.getElementById("cv-luoghi-titolo").focus({ preventScroll: true });
  }
  fuocoNellaScheda = false;
});

// Lists with boxes to tick: all of the page at once, and how many are ticked.
function contaSpunte(elenco) {
  const caselle = [...elenco.querySelectorAll("tbody input[type=checkbox]")];
  const quante = caselle.filter((casella) => casella.checked).length;
  const tutte = elenco.querySelector("[data-spunta-tutte]");
  tutte.hidden = caselle.length < 2;
  tutte.checked = quante > 0 && quante === caselle.length;
  tutte.indeterminate = quante > 0 && quante < caselle.length;
  elenco.querySelector("[data-spunte-quante]").textContent = quante === 0 ? "" : quante === 1 ? "1 persona spuntata." : quante + " persone spuntate.";
}
document.addEventListener("change", (evento) => {
  const elenco = evento.target.closest && evento.target.closest("form[data-elenco-spunte]");
  if (!elenco) {
    return;
  }
  if (evento.target.matches("[data-spunta-tutte]")) {
    elenco.querySelectorAll("tbody input[type=checkbox]").forEach((casella) => { casella.checked = evento.target.checked; });
  }
  contaSpunte(elenco);
});
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-elenco-spunte]").forEach(contaSpunte));
