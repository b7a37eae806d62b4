/* The search box, and the form of a citizen's identity: proposals from the codice fiscale, towns as one types. */
"use strict";

/* Search: Enter opens the first person, the arrows walk the list. */
document.addEventListener("keydown", (evento) => {
  const casella = evento.target.closest("[data-cerca]");
  const collegamenti = [...document.querySelectorAll("[data-risultato]")];
  const qui = collegamenti.indexOf(evento.target);
  if (casella && evento.key === "Enter") {
    const elenco = document.getElementById("risultati");
    if (collegamenti.length && elenco.dataset.per === casella.value.trim() && casella.value.trim()) {
      evento.preventDefault();
      collegamenti[0].click();
    }
  } else if ((casella || qui >= 0) && (evento.key === "ArrowDown" || evento.key === "ArrowUp")) {
    const prossimo = qui + (evento.key === "ArrowDown" ? 1 : -1);
    if (collegamenti[prossimo]) {
      evento.preventDefault();
      collegamenti[prossimo].focus();
    } else if (prossimo === -1 && qui === 0) {
      evento.preventDefault();
      document.querySelector("[data-cerca]").focus();
    }
  }
});

/* Codice fiscale: what it says fills what is empty or was filled by it before; what was typed is never touched. */
function proponi(nome, valore) {
  if (nome === "sesso") {
    const scelte = [...document.querySelectorAll("input[name=sesso]")];
    const scelta = scelte.find((voce) => voce.checked);
    if (!scelta || scelta.dataset.proposto) {
      scelte.forEach((voce) => {
        voce.checked = voce.value === valore;
        voce.dataset.proposto = "si";
      });
    }
    return;
  }
  const campo = document.getElementById("id_" + nome);
  if (campo && (!campo.value || campo.value === campo.dataset.proposto)) {
    campo.value = valore;
    campo.dataset.proposto = valore;
  }
}
document.addEventListener("htmx:afterSwap", (evento) => {
  const letto = evento.target.querySelector("[data-proposte]");
  if (letto) {
    Object.entries(JSON.parse(letto.dataset.proposte)).forEach(([nome, valore]) => proponi(nome, valore));
  }
});
document.addEventListener("change", (evento) => {
  if (evento.target.name === "sesso") {
    document.querySelectorAll("input[name=sesso]").forEach((voce) => delete voce.dataset.proposto);
  }
});

/* Citizenship: those that ask for a document of stay tick the box by themselves. */
const cittadinanza = document.getElementById("id_cittadinanza");
if (cittadinanza) {
  cittadinanza.addEventListener("input", () => {
    const voce = [...document.querySelectorAll("#elenco-cittadinanze option")].find(
      (opzione) => opzione.value.toLowerCase() === cittadinanza.value.trim().toLowerCase(),
    );
    if (voce) {
      document.getElementById("id_extra_ue").checked = voce.dataset.extraUe === "si";
    }
  });
}

/* Towns: an editable combobox with a list of suggestions (ARIA 1.2). */
function conSuggerimenti(campo) {
  const lista = document.createElement("ul");
  lista.className = "suggerimenti";
  lista.id = campo.id + "_suggerimenti";
  lista.setAttribute("role", "listbox");
  lista.setAttribute("aria-label", "Suggerimenti");
  lista.hidden = true;
  campo.after(lista);
  campo.parentElement.classList.add("con-suggerimenti");
  campo.setAttribute("role", "combobox");
  campo.setAttribute("aria-autocomplete", "list");
  campo.setAttribute("aria-controls", lista.id);
  campo.setAttribute("aria-expanded", "false");
  let attesa = 0;
  let richiesta = 0;
  let scelta = -1;

  function chiudi() {
    lista.hidden = true;
    scelta = -1;
    campo.setAttribute("aria-expanded", "false");
    campo.removeAttribute("aria-activedescendant");
  }
  function segna(numero) {
    const voci = [...lista.children];
    scelta = (numero + voci.length) % voci.length;
    voci.forEach((voce, i) => voce.setAttribute("aria-selected", String(i === scelta)));
    campo.setAttribute("aria-activedescendant", voci[scelta].id);
    voci[scelta].scrollIntoView({ block: "nearest" });
  }
  function scegli(voce) {
    campo.value = voce.dataset.valore;
    const provincia = document.getElementById(campo.id.replace("_comune", "_provincia"));
    if (provincia && provincia !== campo) {
      provincia.value = voce.dataset.provincia;
    }
    if (campo.id === "id_domicilio_comune") {
      notaCompetenza(voce);
    }
    chiudi();
  }
  function chiedi() {
    const testo = campo.value.trim();
    const mia = ++richiesta;
    if (testo.length < 2) {
      chiudi();
      return;
    }
    const indirizzo = new URL(campo.dataset.suggerimenti, location.href);
    indirizzo.searchParams.set("q", testo);
    fetch(indirizzo, { headers: { "HX-Request": "true" } })
      .then((risposta) => (risposta.ok ? risposta.text() : ""))
      .then((html) => {
        if (mia !== richiesta || document.activeElement !== campo) {
          return;
        }
        lista.innerHTML = html;
        [...lista.children].forEach((voce, i) => { voce.id = lista.id + "_" + i; });
        scelta = -1;
        lista.hidden = !lista.children.length;
        campo.setAttribute("aria-expanded", String(!lista.hidden));
      })
      .catch(chiudi);
  }
  campo.addEventListener("input", () => {
    clearTimeout(attesa);
    attesa = setTimeout(chiedi, 150);
  });
  campo.addEventListener("keydown", (evento) => {
    if (lista.hidden) {
      return;
    }
    if (evento.key === "ArrowDown" || evento.key === "ArrowUp") {
      evento.preventDefault();
      segna(evento.key === "ArrowDown" ? scelta + 1 : Math.max(scelta, 0) - 1);
    } else if (evento.key === "Enter") {
      evento.preventDefault();
      scegli(lista.children[Math.max(scelta, 0)]);
    } else if (evento.key === "Tab" && scelta >= 0) {
      scegli(lista.children[scelta]);
    } else if (evento.key === "Escape") {
      evento.preventDefault();
      chiudi();
    }
  });
  lista.addEventListener("mousedown", (evento) => {
    const voce = evento.target.closest("[role=option]");
    if (voce) {
      evento.preventDefault();
      scegli(voce);
    }
  });
  campo.addEventListener("blur", () => {
    richiesta += 1;
    clearTimeout(attesa);
    chiudi();
  });
}
document.querySelectorAll("[data-suggerimenti]").forEach(conSuggerimenti);

function notaCompetenza(voce) {
  const nota = document.getElementById("nota-competenza");
  nota.className = voce.dataset.competente ? (voce.dataset.altrove ? "nota nota-attenzione" : "nota") : "";
  nota.textContent = !voce.dataset.competente
    ? ""
    : voce.dataset.altrove
      ? "Centro competente per chi abita qui: " + voce.dataset.competente + ". Non è il suo: al salvataggio le sarà chiesta una conferma."
      : "Centro competente per chi abita qui: " + voce.dataset.competente + ".";
}
