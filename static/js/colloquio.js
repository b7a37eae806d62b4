/* The pages of the interview: save as one goes, never lose a word, count the time. Without scripts the buttons save. */
"use strict";

(() => {
  const PAUSA_MS = 1500;        // after the last change
  const RIPROVA_MS = 5000;      // after a connection that failed
  const BATTITO_S = 60;         // how often the measured time is sent
  const FERMO_MS = 5 * 60000;   // without a sign of life the time stands still
  const MAX_CHIUSURA = 60000;   // what the browser sends while the page goes away

  const pagina = document.getElementById("colloquio");
  if (!pagina) {
    return;
  }

  // The band above is as high as what it lists: the sticky columns begin below it.
  const fascia = document.querySelector(".fascia");
  if (fascia && window.ResizeObserver) {
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("--altezza-fascia", `${fascia.offsetHeight}px`);
    }).observe(fascia);
  }

  if (!CSS.supports("field-sizing", "content")) {
    const cresci = (campo) => { campo.style.height = "auto"; campo.style.height = `${campo.scrollHeight + 2}px`; };
    pagina.querySelectorAll("textarea").forEach(cresci);
    pagina.addEventListener("input", (evento) => evento.target.matches("textarea") && cresci(evento.target));
  }

  salvataggio(document.querySelector("form[data-autosalva]"));
  tempo();

  // ---- Saving -------------------------------------------------------------------------------------------------

  function salvataggio(modulo) {
    if (!modulo || !("modificabile" in pagina.dataset)) {
      return;
    }
    const stato = document.getElementById("stato-salvataggio");
    const toccati = new Map();   // field → number of its last change
    let modifiche = 0;
    let attesa = null;
    let inviati = null;          // what the request under way carries

    const scrivi = (testo, errore = false) => {
      const parola = document.createElement("span");
      parola.textContent = testo;
      parola.className = errore ? "salvataggio-errore" : "";
      stato.replaceChildren(parola);
    };
    const inConflitto = () => Boolean(document.getElementById("conflitto"));
    const salva = () => {
      clearTimeout(attesa);
      if (toccati.size && !inConflitto()) {
        htmx.trigger(modulo, "salva");
      }
    };
    const fraPoco = (ms) => { clearTimeout(attesa); attesa = setTimeout(salva, ms); };

    const cambiato = (evento) => {
      const campo = evento.target;
      if (campo.form !== modulo || !campo.name || campo.name.startsWith("scelta_")) {
        return;
      }
      toccati.set(campo.name, ++modifiche);
      if (inConflitto()) {
        return;
      }
      scrivi("Modifiche da salvare…");
      fraPoco(PAUSA_MS);
    };
    document.addEventListener("input", cambiato);
    document.addEventListener("change", cambiato);
    document.addEventListener("focusout", (evento) => {
      if (evento.target.form === modulo && evento.target.matches("textarea")) {
        salva();
      }
    });
    document.addEventListener("visibilitychange", salva);
    window.addEventListener("focus", salva);

    modulo.addEventListener("htmx:configRequest", (evento) => {
      const dati = evento.detail.parameters;
      const premuto = evento.detail.triggeringEvent;
      delete dati.azione;
      if (premuto && premuto.type === "submit" && premuto.submitter && premuto.submitter.name) {
        dati[premuto.submitter.name] = premuto.submitter.value;
      }
      dati.toccati = [...toccati.keys()].join(",");
      inviati = new Map(toccati);
    });
    modulo.addEventListener("htmx:beforeRequest", () => {
      clearTimeout(attesa);
      scrivi("Salvataggio in corso…");
    });
    modulo.addEventListener("htmx:beforeSwap", () => {
      document.querySelectorAll(".campo-errori[id$='_error']").forEach((errore) => {
        const campo = document.querySelector(`[aria-describedby="${errore.id}"]`);
        if (campo && campo.form === modulo) {
          errore.replaceChildren();
          campo.removeAttribute("aria-invalid");
        }
      });
    });
    modulo.addEventListener("htmx:afterRequest", (evento) => {
      const risposta = evento.detail.xhr ? evento.detail.xhr.status : 0;
      if (risposta === 200 && evento.detail.xhr.getResponseHeader("HX-Redirect")) {
        toccati.clear();
      } else if (risposta === 200 || risposta === 422) {
        inviati.forEach((numero, nome) => {
          const errato = document.getElementById(`id_${nome}_error`);
          if (errato && errato.childElementCount) {
            errato.parentElement.querySelector("textarea").setAttribute("aria-invalid", "true");
          } else if (toccati.get(nome) === numero && !inConflitto()) {
            toccati.delete(nome);
          }
        });
        pagina.dispatchEvent(new CustomEvent("lavoro"));
        if ([...toccati.keys()].some((nome) => !inviati.has(nome))) {
          fraPoco(PAUSA_MS);
        }
      } else if (risposta === 409) {
        document.getElementById("conflitto").scrollIntoView({ block: "start" });
        document.getElementById("conflitto").focus({ preventScroll: true });
      } else if (risposta === 401 || risposta === 403) {
        document.getElementById("avviso-accesso").hidden = false;
        scrivi("Non salvato: l'accesso è scaduto. Ciò che ha scritto resta qui.", true);
      } else if (risposta === 404) {
        scrivi("Non salvato: questa persona non è più seguita dal suo centro.", true);
      } else {
        scrivi(risposta ? "Non salvato: il sistema non risponde. Riprovo fra poco." : "Non salvato: manca il collegamento. Riprovo fra poco.", true);
        fraPoco(RIPROVA_MS);
      }
      if (risposta === 422) {
        const avviso = document.querySelector("#avvisi-fase [role='alert']");
        const premuto = evento.detail.requestConfig && evento.detail.requestConfig.triggeringEvent;
        if (avviso && premuto && premuto.type === "submit") {
          avviso.scrollIntoView({ block: "start" });
          avviso.focus({ preventScroll: true });
        }
      }
    });

    // The page goes away with words not yet saved: they are sent all the same; only what cannot be sent asks.
    window.addEventListener("beforeunload", (evento) => {
      if (!toccati.size) {
        return;
      }
      const dati = new FormData(modulo);
      dati.set("toccati", [...toccati.keys()].join(","));
      const corpo = new URLSearchParams(dati);
      const accesso = !document.getElementById("avviso-accesso").hidden;
      if (inConflitto() || accesso || corpo.toString().length > MAX_CHIUSURA) {
        evento.preventDefault();
        return;
      }
      fetch(modulo.getAttribute("hx-post"), {
        method: "POST", body: corpo, keepalive: true,
        headers: { "HX-Request": "true", "X-CSRFToken": gettone() },
      });
    });

    // What the band lists is asked again only when the phase lacks more or less than before.
    document.addEventListener("htmx:oobBeforeSwap", (evento) => {
      const vecchio = evento.detail.target;
      const nuovo = evento.detail.fragment && evento.detail.fragment.querySelector("#indice-voci");
      if (vecchio && vecchio.id === "indice-voci" && nuovo && nuovo.dataset.mancano !== vecchio.dataset.mancano) {
        setTimeout(() => document.body.dispatchEvent(new CustomEvent("fascicolo-cambiato")), 0);
      }
    });
  }

  function gettone() {
    const riga = document.cookie.split("; ").find((pezzo) => pezzo.startsWith("csrftoken="));
    return riga ? riga.split("=")[1] : "";
  }

  // ---- Time ---------------------------------------------------------------------------------------------------

  function tempo() {
    if (!("modificabile" in pagina.dataset)) {
      return;
    }
    let secondi = 0;
    let viva = Date.now();
    let lavora = "inIncontro" in pagina.dataset;
    const segno = () => { viva = Date.now(); };
    ["pointermove", "pointerdown", "keydown", "wheel", "scroll"].forEach((nome) => {
      document.addEventListener(nome, segno, { passive: true, capture: true });
    });
    const corpo = () => new URLSearchParams({ fase: pagina.dataset.fase, secondi: String(secondi), pagina: pagina.dataset.pagina });

    const manda = (chiusura) => {
      if (!lavora || secondi < 1) {
        return;
      }
      const richiesta = fetch(pagina.dataset.tempo, {
        method: "POST", body: corpo(), keepalive: chiusura,
        headers: { "HX-Request": "true", "X-CSRFToken": gettone() },
      });
      const contati = secondi;
      secondi = 0;
      if (chiusura) {
        return;
      }
      richiesta.then((risposta) => (risposta.ok ? risposta.text() : Promise.reject(risposta)))
        .then((testo) => { document.getElementById("orologio").innerHTML = testo; })
        .catch(() => { secondi += contati; });
    };

    setInterval(() => {
      if (document.visibilityState === "visible" && Date.now() - viva < FERMO_MS) {
        secondi += 1;
        if (secondi % BATTITO_S === 0) {
          manda(false);
        }
      }
    }, 1000);
    // A look at the page is no work: the sitting begins with the first thing that is saved.
    const comincia = () => { if (!lavora) { lavora = true; manda(false); } };
    pagina.addEventListener("lavoro", comincia);
    document.body.addEventListener("fascicolo-cambiato", comincia);
    window.addEventListener("pagehide", () => manda(true));
  }
})();
