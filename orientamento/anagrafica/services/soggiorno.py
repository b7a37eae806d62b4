"""The document of stay of a citizen from outside the Union (U5)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from orientamento.anagrafica.models import DocumentoSoggiorno, Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import differenze, registra

CAMPI = ("tipo", "numero", "scadenza", "ricevuta_rinnovo")


@transaction.atomic
def registra_soggiorno(*, utente: Utente, dati: dict[str, Any], attore: Operatore) -> DocumentoSoggiorno:
    """Record the document, or correct the one that is there."""
    utente = Utente.objects.bloccato(utente.pk)
    if not utente.extra_ue:
        raise RegolaViolata(
            "Il documento di soggiorno riguarda solo chi ha la cittadinanza di uno stato fuori dall'Unione europea.",
            regola="U5",
        )
    nuovi = {campo: dati[campo] for campo in CAMPI}
    if nuovi["scadenza"] is None and nuovi["tipo"] != DocumentoSoggiorno.Tipo.LUNGO_PERIODO:
        raise RegolaViolata(
            "Indicare la scadenza: solo il permesso di lungo periodo può non averla.", campo="scadenza", regola="U5"
        )
    if nuovi["scadenza"] and nuovi["scadenza"] <= utente.data_nascita:
        raise RegolaViolata("La scadenza precede la data di nascita.", campo="scadenza", regola="U5")
    documento = DocumentoSoggiorno.objects.select_for_update(of=("self",), no_key=True).filter(utente=utente).first()
    if documento is None:
        documento = DocumentoSoggiorno.objects.create(utente=utente, **nuovi)
        dettaglio: dict[str, Any] = {"sezione": "Documento di soggiorno", "voce": documento.get_tipo_display()}
        azione = Azione.VOCE_AGGIUNTA
    else:
        dettaglio = differenze(documento, nuovi)
        if not dettaglio:
            return documento
        for campo, valore in nuovi.items():
            setattr(documento, campo, valore)
        documento.save(update_fields=list(CAMPI))
        azione = Azione.VOCE_MODIFICATA
    registra(azione, attore=attore, oggetto=documento, utente=utente, dettaglio=dettaglio)
    return documento
