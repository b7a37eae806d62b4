/* The plan: rows and commitments that save by themselves, links that open what hides their field. */
"use strict";

(() => {
  const RIPROVA_MS = 5000;
  const stato = document.getElementById("stato-salvataggio");
  const daSalvare = new Set();   // forms with words that the server does not have yet

  const scrivi = (testo, errore) => {
    if (!stato) {
      return;
    }
    const parola = document.createElement("span");
    parola.textContent = testo;
    parola.className = errore ? "salvataggio-errore" : "";
    stato.replaceChildren(parola);
  };
  const siSalva = (modulo) => modulo && modulo.matches("form[data-salva]");

  document.addEventListener("input", (evento) => {
    const modulo = evento.target.form;
    if (siSalva(modulo)) {
      daSalvare.add(modulo);
      scrivi("Modifiche da salvare…", false);
    }
    // The hours typed beside a service tick it.
    if (evento.target.dataset.spunta && evento.target.value) {
      document.getElementById(evento.target.dataset.spunta).checked = true;
    }
  });
  document.addEventListener("htmx:beforeRequest", (evento) => {
    const modulo = evento.detail.elt.closest("form");
    if (siSalva(modulo)) {
      modulo.dataset.inviati = new URLSearchParams(new FormData(modulo)).toString();
      scrivi("Salvataggio in corso…", false);
    }
  });
  document.addEventListener("htmx:afterRequest", (evento) => {
    const modulo = evento.detail.elt.closest("form");
    const risposta = evento.detail.xhr ? evento.detail.xhr.status : 0;
    if (!siSalva(modulo)) {
      return;
    }
    if (risposta === 200) {
      if (modulo.dataset.inviati === new URLSearchParams(new FormData(modulo)).toString() || !modulo.isConnected) {
        daSalvare.delete(modulo);
      }
    } else if (risposta === 401 || risposta === 403) {
      scrivi("Non salvato: l'accesso è scaduto. Ciò che ha scritto resta qui.", true);
    } else if (risposta === 404) {
      scrivi("Non salvato: questa riga o questa persona non è più qui. Ricaricare la pagina.", true);
    } else if (risposta === 0 || risposta >= 500) {
      scrivi(risposta ? "Non salvato: il sistema non risponde. Riprovo fra poco." : "Non salvato: manca il collegamento. Riprovo fra poco.", true);
      setTimeout(() => modulo.isConnected && htmx.trigger(modulo, "change"), RIPROVA_MS);
    }
  });
  // The version comes back out of band after `afterRequest`: it is part of what was sent.
  document.addEventListener("htmx:afterSettle", () => {
    daSalvare.forEach((modulo) => !modulo.isConnected && daSalvare.delete(modulo));
  });

  // A verb waits for the saves under way, so that the last word typed is in what it sends.
  document.addEventListener("submit", (evento) => {
    const premuto = evento.submitter;
    if (!premuto || premuto.id !== "id_manda" || !document.querySelector("form.htmx-request")) {
      return;
    }
    evento.preventDefault();
    const attesa = setInterval(() => {
      if (!document.querySelector("form.htmx-request")) {
        clearInterval(attesa);
        const ora = document.getElementById("id_manda");
        if (ora) {
          ora.click();
        }
      }
    }, 50);
  }, true);
  document.addEventListener("submit", (evento) => {
    if (evento.submitter && evento.submitter.id === "id_manda" && !evento.defaultPrevented) {
      daSalvare.clear();
    }
  });

  window.addEventListener("beforeunload", () => {
    daSalvare.forEach((modulo) => {
      if (modulo.isConnected) {
        const biscotto = document.cookie.split("; ").find((pezzo) => pezzo.startsWith("csrftoken="));
        fetch(modulo.action, {
          method: "POST", body: new URLSearchParams(new FormData(modulo)), keepalive: true,
          headers: { "HX-Request": "true", "X-CSRFToken": biscotto ? biscotto.split("=")[1] : "" },
        });
      }
    });
  });

  // A link to a field of this page opens what hides it and puts the cursor there.
  const raggiungi = (id) => {
    const meta = id && document.getElementById(id);
    if (!meta) {
      return false;
    }
    for (let sopra = meta.closest("details"); sopra; sopra = sopra.parentElement.closest("details")) {
      sopra.open = true;
    }
    const campo = meta.matches("input, select, textarea, button, a, summary") ? meta : meta.querySelector("input:not([type=hidden]), select, textarea");
    meta.scrollIntoView({ block: meta === campo ? "center" : "start" });
    if (campo) {
      campo.focus({ preventScroll: true });
    }
    return true;
  };
  document.addEventListener("click", (evento) => {
    const legame = evento.target.closest(".controllo a, #invio a, .riepilogo-errori a, .fascia-mancanze a, [data-commento] a");
    if (!legame || "ricarica" in legame.dataset || !legame.hash || legame.pathname !== location.pathname) {
      return;
    }
    const id = decodeURIComponent(legame.hash.slice(1));
    if (id.startsWith("sezione-")) {
      document.getElementById(id).scrollIntoView({ block: "start" });
      evento.preventDefault();
    } else if (raggiungi(id)) {
      evento.preventDefault();
    }
  });
  document.addEventListener("DOMContentLoaded", () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const meta = id && document.getElementById(id);
    if (meta && meta.closest("details:not([open])")) {
      raggiungi(id);
    }
  });

  // A row opened for writing gets the cursor in its first field; one that has been closed, on its link.
  document.addEventListener("htmx:load", (evento) => {
    const qui = evento.detail.elt.querySelector && evento.detail.elt.querySelector("[data-porta-qui] input");
    if (qui) {
      qui.focus();
    }
  });
  document.addEventListener("htmx:afterSettle", (evento) => {
    if (document.activeElement !== document.body || !evento.detail.elt.matches) {
      return;
    }
    const riga = evento.detail.elt.matches(".voce") ? evento.detail.elt.querySelector("a, button") : null;
    const lista = evento.detail.elt.closest("#sezione-piano, #sezione-misure");
    const meta = riga || (lista && lista.querySelector("details.aggiungi > summary"));
    if (meta) {
      meta.focus({ preventScroll: true });
    }
  });
})();
