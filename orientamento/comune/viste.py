"""Small helps for views, the same in every app."""

from __future__ import annotations

from django.forms import BaseForm

from orientamento.comune.errori import RegolaViolata

CIFRE_DI_UNA_CHIAVE = 18


def aggiungi_errore(form: BaseForm, errore: RegolaViolata) -> None:
    """Show what a service refused: at its field where the form has it, else on top of the form."""
    form.add_error(errore.campo if errore.campo in form.fields else None, errore.messaggio)


def chiave_intera(testo: str | None) -> int | None:
    """The key of a row as a request names it; None for anything else, also for what passes for digits and `int` refuses
    ("²", five thousand nines)."""
    return int(testo) if testo and testo.isascii() and testo.isdigit() and len(testo) <= CIFRE_DI_UNA_CHIAVE else None
