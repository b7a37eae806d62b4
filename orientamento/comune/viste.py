"""Small helps for views, the same in every app."""

from __future__ import annotations

from django.forms import BaseForm

from orientamento.comune.errori import RegolaViolata


def aggiungi_errore(form: BaseForm, errore: RegolaViolata) -> None:
    """Show what a service refused: at its field where the form has it, else on top of the form."""
    form.add_error(errore.campo if errore.campo in form.fields else None, errore.messaggio)
