"""What every page of an interview shares: the door, the gate of phase 1, the rail, the clock.

A page of a phase inherits `FaseMixin` and extends `psp/colloquio/cornice.html` with the context of `cornice()`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db.models import QuerySet, prefetch_related_objects
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property

from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import OggettoDiUtenteMixin
from orientamento.comune.calendario import adesso
from psp.models import Colloquio, Fase
from psp.services.appuntamento import orologio
from psp.services.completezza_colloquio import Situazione, fase_aperta, indirizzo_fase, mancanze_fase

SALE_PAGINA = "psp.colloquio.pagina"
ORE_PAGINA = 12


class ColloquioMixin(OggettoDiUtenteMixin):
    """For addresses with `colloquio_id`: sets `self.colloquio` and `self.utente` (A1)."""

    permesso = Permesso.VEDERE_COLLOQUIO
    permesso_modifica = Permesso.CONDURRE_COLLOQUIO
    chiave = "colloquio_id"

    @property
    def colloquio(self) -> Colloquio:
        return self.oggetto

    def visibili(self) -> QuerySet[Colloquio]:
        return Colloquio.objects.visibili_a(self.request.user).select_related("salvato_da")


class FaseMixin(ColloquioMixin):
    """For the page of a phase: phase 1 gates the others (C1), with a message and the way to the cure."""

    fase: Fase

    @cached_property
    def situazione(self) -> Situazione:
        return Situazione(self.colloquio)

    @property
    def modificabile(self) -> bool:
        """Whether the operator may write: the interview is under way and the role conducts interviews."""
        return self.colloquio.concluso_il is None and puo(self.request.user, Permesso.CONDURRE_COLLOQUIO)

    def entra(self) -> HttpResponseBase | None:
        if not fase_aperta(self.colloquio, self.fase):
            messages.warning(self.request, f"La fase {int(self.fase)} si apre dopo la fase 1: completarla qui sotto.")
            return redirect(indirizzo_fase(self.colloquio, Fase.INFORMATIVA))
        return super().entra()

    def cornice(self) -> dict[str, Any]:
        """The context of the frame: rail, clock, saved state, what may be written."""
        colloquio, operatore, oggi = self.colloquio, self.request.user, timezone.localdate()
        prefetch_related_objects([colloquio], "appuntamenti")
        return {
            "colloquio": colloquio,
            "fase": self.fase,
            "titolo_pagina": f"Fase {int(self.fase)}: {self.fase.label.lower()}",
            "binario": binario(colloquio, self.fase, self.situazione),
            "orologio": orologio(colloquio),
            "modificabile": self.modificabile,
            "bloccato": not self.modificabile,
            "in_incontro": any(i.operatore_id == operatore.pk and i.data == oggi for i in colloquio.appuntamenti.all()),
            "pagina": firma_pagina(colloquio),
        }


def binario(colloquio: Colloquio, qui: Fase, situazione: Situazione) -> list[dict[str, Any]]:
    """The rail: the three phases with their state in words (C1)."""
    aperte = fase_aperta(colloquio, Fase.ANALISI)
    voci = []
    for fase in Fase:
        completa = not mancanze_fase(colloquio, fase, situazione=situazione)
        chiusa = fase != Fase.INFORMATIVA and not aperte
        voci.append(
            {
                "numero": int(fase),
                "nome": fase.label,
                "url": "" if chiusa else indirizzo_fase(colloquio, fase),
                "qui": fase == qui,
                "completa": completa,
                "stato": _stato(completa, fase == qui, chiusa),
            }
        )
    return voci


def _stato(completa: bool, qui: bool, chiusa: bool) -> str:
    if completa:
        return "Completata"
    if qui:
        return "In corso"
    return "Dopo la fase 1" if chiusa else "Da completare"


def firma_pagina(colloquio: Colloquio) -> str:
    """The moment the page was opened, signed: the measured time cannot begin before it (C2)."""
    return signing.dumps([colloquio.pk, adesso().timestamp()], salt=SALE_PAGINA, compress=False)


def apertura_pagina(firma: str, colloquio: Colloquio) -> dt.datetime | None:
    """The moment of `firma`, or None when it is forged, old or of another interview."""
    try:
        chiave, momento = signing.loads(firma, salt=SALE_PAGINA, max_age=ORE_PAGINA * 3600)
    except signing.BadSignature:
        return None
    return dt.datetime.fromtimestamp(momento, dt.UTC) if chiave == colloquio.pk else None
