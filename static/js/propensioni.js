// The profession's field: a combobox that asks the server while one types. Listens on the document, so that it also
// works in panels that come later; without it the form asks for the choice after saving.
"use strict";

(() => {
  const ATTESA = 180;
  let attesa = 0;
  let richiesta = null;

  const parti = (campo) => {
    const combo = campo.closest("[data-combo]");
    const modulo = campo.form;
    return {
      combo,
      modulo,
      lista: combo.querySelector("[role=listbox]"),
      stato: combo.querySelector("[data-combo-stato]"),
      scelta: modulo.querySelector("input[type=hidden][name=professione]"),
      testoScelto: modulo.querySelector("input[name=testo_scelto]"),
      sep: modulo.querySelector("select[name=sep]"),
    };
  };
  const aperta = (campo) => campo.getAttribute("aria-expanded") === "true";
  const opzioni = (lista) => [...lista.querySelectorAll(".combo-opzione")];

  function prepara(campo) {
    if (campo.hasAttribute("role")) {
      return;
    }
    campo.setAttribute("role", "combobox");
    campo.setAttribute("aria-autocomplete", "list");
    campo.setAttribute("aria-controls", parti(campo).lista.id);
    campo.setAttribute("aria-expanded", "false");
  }

  function chiudi(campo) {
    const { lista } = parti(campo);
    lista.hidden = true;
    campo.setAttribute("aria-expanded", "false");
    campo.removeAttribute("aria-activedescendant");
    clearTimeout(attesa);
    if (richiesta) {
      richiesta.abort();
      richiesta = null;
    }
  }

  function evidenzia(campo, opzione) {
    const { lista } = parti(campo);
    opzioni(lista).forEach((altra) => altra.setAttribute("aria-selected", String(altra === opzione)));
    if (opzione) {
      campo.setAttribute("aria-activedescendant", opzione.id);
      opzione.scrollIntoView({ block: "nearest" });
    } else {
      campo.removeAttribute("aria-activedescendant");
    }
  }

  function attiva(campo) {
    return opzioni(parti(campo).lista).find((opzione) => opzione.getAttribute("aria-selected") === "true");
  }

  async function cerca(campo) {
    const { combo, lista, stato } = parti(campo);
    const testo = campo.value.trim();
    if (testo.length < 2) {
      chiudi(campo);
      lista.replaceChildren();
      stato.textContent = "";
      return;
    }
    if (richiesta) {
      richiesta.abort();
    }
    const questa = new AbortController();
    richiesta = questa;
    try {
      const indirizzo = `${combo.dataset.cerca}?q=${encodeURIComponent(testo)}`;
      const risposta = await fetch(indirizzo, { headers: { "HX-Request": "true" }, signal: questa.signal });
      if (risposta.status === 401) {
        document.getElementById("avviso-accesso").hidden = false;
      }
      if (!risposta.ok) {
        throw new Error(String(risposta.status));
      }
      lista.innerHTML = await risposta.text();
    } catch (errore) {
      if (errore.name !== "AbortError") {
        chiudi(campo);
        stato.textContent = "La ricerca non risponde. Si può scrivere il nome e salvare: la scelta viene chiesta dopo.";
      }
      return;
    } finally {
      if (richiesta === questa) {
        richiesta = null;
      }
    }
    if (document.activeElement !== campo) {
      return;
    }
    const trovate = opzioni(lista);
    lista.hidden = !lista.children.length;
    campo.setAttribute("aria-expanded", String(!lista.hidden));
    evidenzia(campo, trovate[0] || null);
    const quante = trovate.length === 1 ? "1 professione trovata" : `${trovate.length} professioni trovate`;
    stato.textContent = trovate.length ? `${quante}. Frecce per scorrere, Invio per scegliere.` : lista.textContent.trim();
  }

  // A field of our own changed by the script: tell the listeners (the preview of the note).
  function avvisa(elemento) {
    elemento.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // The help under the field says what was chosen, until the text changes.
  function racconta(combo, parole) {
    const aiuto = combo.querySelector(".campo-aiuto");
    if (!aiuto.dataset.prima) {
      aiuto.dataset.prima = aiuto.textContent;
    }
    aiuto.textContent = parole || aiuto.dataset.prima;
    combo.classList.toggle("combo-scelta", Boolean(parole));
  }

  function scegli(campo, opzione) {
    const { combo, scelta, testoScelto, sep, stato } = parti(campo);
    campo.value = opzione.dataset.titolo;
    if (scelta) {
      scelta.value = opzione.dataset.id;
    } else {
      // The page is asking again with radio buttons: the choice from the list takes their place.
      combo.querySelectorAll("input[type=radio]").forEach((radio) => { radio.checked = false; });
      const nascosta = document.createElement("input");
      nascosta.type = "hidden";
      nascosta.name = "professione";
      nascosta.value = opzione.dataset.id;
      combo.querySelector(".combo-scelte").replaceWith(nascosta);
    }
    testoScelto.value = opzione.dataset.titolo;
    racconta(combo, `Scelta dal glossario: ${opzione.dataset.titolo} (${opzione.dataset.codice}).`);
    chiudi(campo);
    stato.textContent = `Scelta: ${opzione.dataset.titolo}.`;
    if (sep && opzione.dataset.sep && (!sep.value || sep.dataset.proposto === sep.value)) {
      sep.value = opzione.dataset.sep;
      sep.dataset.proposto = opzione.dataset.sep;
      avvisa(sep);
    }
  }

  const campoDi = (evento) => (evento.target.matches && evento.target.matches("[data-combo] input[name=professione_testo]") ? evento.target : null);

  document.addEventListener("focusin", (evento) => {
    const campo = campoDi(evento);
    if (campo) {
      prepara(campo);
    }
  });

  document.addEventListener("input", (evento) => {
    const campo = campoDi(evento);
    if (!campo) {
      return;
    }
    prepara(campo);
    const { combo, scelta } = parti(campo);
    if (scelta) {
      scelta.value = "";
    }
    racconta(combo, "");
    clearTimeout(attesa);
    attesa = setTimeout(() => cerca(campo), ATTESA);
  });

  document.addEventListener("keydown", (evento) => {
    const campo = campoDi(evento);
    if (!campo) {
      return;
    }
    const { lista } = parti(campo);
    const tutte = opzioni(lista);
    const qui = tutte.indexOf(attiva(campo));
    if (evento.key === "ArrowDown" || evento.key === "ArrowUp") {
      evento.preventDefault();
      if (!aperta(campo)) {
        cerca(campo);
        return;
      }
      const passo = evento.key === "ArrowDown" ? 1 : -1;
      const dopo = qui < 0 ? (passo > 0 ? 0 : tutte.length - 1) : (qui + passo + tutte.length) % tutte.length;
      evidenzia(campo, tutte[dopo] || null);
    } else if (evento.key === "Enter" && aperta(campo)) {
      evento.preventDefault();
      if (attiva(campo)) {
        scegli(campo, attiva(campo));
      }
    } else if (evento.key === "Escape" && aperta(campo)) {
      evento.preventDefault();
      evento.stopPropagation();
      chiudi(campo);
    } else if (evento.key === "Tab") {
      chiudi(campo);
    }
  });

  // With the mouse: the press must not take the focus away from the field.
  document.addEventListener("mousedown", (evento) => {
    if (evento.target.closest && evento.target.closest(".combo-opzioni")) {
      evento.preventDefault();
    }
  });
  document.addEventListener("click", (evento) => {
    const fermo = evento.target.closest && evento.target.closest("[data-fermo]");
    if (fermo) {
      evento.preventDefault();
      return;
    }
    const opzione = evento.target.closest && evento.target.closest(".combo-opzione");
    if (opzione) {
      scegli(opzione.closest("[data-combo]").querySelector("input[name=professione_testo]"), opzione);
    }
  });
  document.addEventListener("focusout", (evento) => {
    const campo = campoDi(evento);
    if (campo && aperta(campo)) {
      chiudi(campo);
    }
  });
})();
