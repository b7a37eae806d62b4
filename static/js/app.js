/* Small helps that every page shares. Nothing here is needed to read or to save: without it forms post as usual. */
"use strict";

function biscotto(nome) {
  const riga = document.cookie.split("; ").find((pezzo) => pezzo.startsWith(nome + "="));
  return riga ? decodeURIComponent(riga.split("=")[1]) : "";
}

// The token is read at every request: after a new login in another tab the old one is no longer good.
document.addEventListener("htmx:configRequest", (evento) => {
  evento.detail.headers["X-CSRFToken"] = biscotto("csrftoken");
  delete evento.detail.parameters.csrfmiddlewaretoken;
});

// Expired login: say so, keep the page as it is.
document.addEventListener("htmx:responseError", (evento) => {
  if (evento.detail.xhr.status === 401) {
    document.getElementById("avviso-accesso").hidden = false;
  }
});
document.addEventListener("htmx:afterRequest", (evento) => {
  if (evento.detail.successful) {
    document.getElementById("avviso-accesso").hidden = true;
  }
});

// A form sent the usual way after a new login elsewhere: bring its token up to date, and ignore the second click.
document.addEventListener("submit", (evento) => {
  const modulo = evento.target;
  const gettone = modulo.querySelector("input[name=csrfmiddlewaretoken]");
  if (gettone && biscotto("csrftoken")) {
    gettone.value = biscotto("csrftoken");
  }
  if (modulo.method !== "post" || modulo.hasAttribute("hx-post")) {
    return;
  }
  if (modulo.dataset.inviato) {
    evento.preventDefault();
    return;
  }
  modulo.dataset.inviato = "si";
});
// Where a page has several forms, sending one loses what stands unsaved in the others: the browser asks first.
function scritto(modulo) {
  return [...modulo.elements].some((campo) => {
    if (campo.type === "checkbox" || campo.type === "radio") {
      return campo.checked !== campo.defaultChecked;
    }
    if (campo.tagName === "SELECT") {
      return Boolean(campo.dataset.toccato);
    }
    return campo.type !== "hidden" && "defaultValue" in campo && campo.value !== campo.defaultValue;
  });
}
document.addEventListener("change", (evento) => {
  if (evento.target.tagName === "SELECT") {
    evento.target.dataset.toccato = "si";
  }
});
window.addEventListener("beforeunload", (evento) => {
  const inviati = document.querySelectorAll("form[data-inviato]");
  if ([...document.querySelectorAll("form[data-da-salvare]:not([data-inviato]), [data-da-salvare] form:not([data-inviato])")].some(scritto)) {
    evento.preventDefault();
    inviati.forEach((modulo) => delete modulo.dataset.inviato);
  }
});
window.addEventListener("pageshow", (evento) => {
  // The browser shows again a page that it kept as it was: after a logout, or for another operator, it is asked anew.
  const di = document.body.dataset.operatore;
  if (evento.persisted && di && di !== biscotto("pagine_di")) {
    location.reload();
    return;
  }
  document.querySelectorAll("form[data-inviato]").forEach((modulo) => delete modulo.dataset.inviato);
});

// Dates: 23112026 becomes 23/11/2026 when the field is left, and while one types the slashes appear.
document.addEventListener("input", (evento) => {
  const campo = evento.target;
  if (!campo.matches || !campo.matches('input[placeholder="gg/mm/aaaa"]') || evento.inputType === "deleteContentBackward") {
    return;
  }
  const cifre = campo.value.replace(/[^0-9]/g, "").slice(0, 8);
  if (/^[0-9/]*$/.test(campo.value) && campo.selectionStart === campo.value.length) {
    campo.value = [cifre.slice(0, 2), cifre.slice(2, 4), cifre.slice(4)].filter((pezzo, i) => pezzo || i === 0).join("/");
  }
});

// Copy buttons.
document.addEventListener("click", (evento) => {
  const pulsante = evento.target.closest("[data-copia]");
  if (!pulsante) {
    return;
  }
  navigator.clipboard.writeText(pulsante.dataset.copia).then(() => {
    const prima = pulsante.textContent;
    pulsante.textContent = "Copiato";
    setTimeout(() => { pulsante.textContent = prima; }, 1500);
  });
});

// What asks for the focus gets it: the error summary, the first field of a form opened in place.
function portaAFuoco(radice) {
  const meta = radice.querySelector("[data-porta-a-fuoco]");
  if (meta) {
    meta.focus();
  }
}
document.addEventListener("DOMContentLoaded", () => {
  portaAFuoco(document);
  fuocoDallIndirizzo();
});
document.addEventListener("htmx:afterSettle", (evento) => portaAFuoco(evento.detail.elt));

// A link of what is missing (…#id_campo) puts the cursor in the field, also when a panel brings it later.
function fuocoDallIndirizzo() {
  const id = decodeURIComponent(location.hash.slice(1));
  const meta = id && document.getElementById(id);
  if (!meta || meta.dataset.raggiunto) {
    return;
  }
  meta.dataset.raggiunto = "si";
  const campo = meta.matches("input, select, textarea, button, a, summary, [tabindex]") ? meta : meta.querySelector("input, select, textarea, button, a, summary");
  meta.scrollIntoView({ block: "center" });
  if (campo) {
    campo.focus({ preventScroll: true });
  }
}
window.addEventListener("hashchange", () => {
  const meta = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (meta) {
    delete meta.dataset.raggiunto;
  }
  fuocoDallIndirizzo();
});
document.addEventListener("htmx:afterSettle", () => {
  // Whoever is writing by now is left there.
  if (!document.activeElement?.matches("input, select, textarea")) {
    fuocoDallIndirizzo();
  }
});
