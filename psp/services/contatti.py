"""The contacts of the citizen with the target firms, with dates and answers (C4, M1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import differenze, registra
from psp.models import ContattoImpresa, ImpresaObiettivo
from psp.services.agenda.giorni import richiedi_giorno

ATTESA = ContattoImpresa.Risposta.IN_ATTESA


@transaction.atomic
def registra_contatto(
    *, utente: Utente, dati: dict[str, Any], attore: Operatore, adesso: dt.datetime
) -> ContattoImpresa:
    """Record one contact: `impresa`, `data`, `modo`, and the answer where there is one. Sent twice it is one.

    A firm with the name of a target firm of the person's interviews is tied to it.
    """
    utente = Utente.objects.bloccato(utente.pk)
    _controlla(dati, dati["data"], adesso)
    chi = {"impresa": dati["impresa"], "data": dati["data"], "modo": dati["modo"]}
    gia = ContattoImpresa.objects.filter(utente=utente, **chi).first()
    if gia and all(getattr(gia, campo) == valore for campo, valore in dati.items()):
        return gia
    if gia:
        raise RegolaViolata(
            "Questo contatto è già registrato, con un'altra risposta: scrivere quella nuova nella sua riga, qui sopra.",
            campo="risposta",
            regola="M1",
        )
    contatto = ContattoImpresa.objects.create(
        utente=utente,
        impresa_obiettivo=ImpresaObiettivo.objects.filter(
            colloquio__utente=utente, nome__iexact=dati["impresa"]
        ).last(),
        registrato_da=attore,
        **dati,
    )
    registra(
        Azione.CONTATTO_IMPRESA,
        attore=attore,
        oggetto=contatto,
        utente=utente,
        dettaglio={"data": contatto.data.isoformat(), "risposta": contatto.get_risposta_display()},
    )
    return contatto


@transaction.atomic
def aggiorna_risposta(
    *, contatto: ContattoImpresa, dati: dict[str, Any], versione: int, attore: Operatore, adesso: dt.datetime
) -> ContattoImpresa:
    """Write what the firm answered (`risposta`, `risposta_il`); a form made from an older row is refused (C8)."""
    utente = Utente.objects.bloccato(contatto.utente_id)
    contatto = ContattoImpresa.objects.select_for_update(of=("self",), no_key=True).get(pk=contatto.pk)
    cambiati = differenze(contatto, dati)
    if not cambiati:
        return contatto
    if contatto.versione != versione:
        raise VersioneSuperata
    _controlla(dati, contatto.data, adesso)
    contatto.risposta, contatto.risposta_il = dati["risposta"], dati["risposta_il"]
    contatto.versione += 1
    contatto.save(update_fields=["risposta", "risposta_il", "versione"])
    registra(
        Azione.CONTATTO_IMPRESA,
        attore=attore,
        oggetto=contatto,
        utente=utente,
        dettaglio={"risposta": contatto.get_risposta_display()},
    )
    return contatto


def imprese_obiettivo(utente: Utente) -> list[str]:
    """The names of the firms that the person's interviews planned, newest interview first, each once."""
    nomi = ImpresaObiettivo.objects.filter(colloquio__utente=utente).order_by("-colloquio_id", "pk")
    return list(dict.fromkeys(nomi.values_list("nome", flat=True)))


def _controlla(dati: dict[str, Any], contattata_il: dt.date, adesso: dt.datetime) -> None:
    oggi = timezone.localdate(adesso)
    richiedi_giorno(contattata_il, campo="data")
    if contattata_il > oggi:
        raise RegolaViolata("La data è nel futuro: si registra un contatto già avvenuto.", campo="data", regola="M1")
    risposta_il = dati.get("risposta_il")
    if dati["risposta"] == ATTESA:
        if risposta_il:
            raise RegolaViolata("Scegliere che cosa ha risposto l'impresa.", campo="risposta", regola="M1")
        return
    if risposta_il and not contattata_il <= risposta_il <= oggi:
        raise RegolaViolata(
            "La data della risposta va dal giorno del contatto a oggi.", campo="risposta_il", regola="M1"
        )
