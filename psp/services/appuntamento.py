"""The sittings of an interview and its clock (C1, C2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from orientamento.anagrafica.models import Operatore
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import differenze, registra
from psp.models import Appuntamento, Colloquio, Fase
from psp.services.passaggi import blocca_colloquio

MINUTI_MASSIMI = 90
MINUTI_AVVISO = 75
MINUTI_DI_UNA_FASE = 480


@dataclass(frozen=True)
class Orologio:
    """The clock of an interview, in words before colour (C2)."""

    minuti: int

    @property
    def stato(self) -> str:
        """`normale`, from 75 minutes `avviso`, from 90 `limite`."""
        if self.minuti >= MINUTI_MASSIMI:
            return "limite"
        return "avviso" if self.minuti >= MINUTI_AVVISO else "normale"

    @property
    def scostamento(self) -> bool:
        """Whether the interview lasted more than it may: then its closing asks for a reason."""
        return self.minuti > MINUTI_MASSIMI

    @property
    def testo(self) -> str:
        return f"{self.minuti} min di {MINUTI_MASSIMI}"

    @property
    def avviso(self) -> str:
        restano = MINUTI_MASSIMI - self.minuti
        if restano < 0:
            return f"Oltre i {MINUTI_MASSIMI} minuti: indicare il motivo alla chiusura"
        if restano == 0:
            return f"Raggiunti i {MINUTI_MASSIMI} minuti"
        if self.minuti >= MINUTI_AVVISO:
            return "Resta 1 minuto" if restano == 1 else f"Restano {restano} minuti"
        return ""


def minuti_totali(colloquio: Colloquio) -> int:
    """The minutes of all phases of all sittings, whoever held them: declared, else measured (C1, C2)."""
    return sum(riga.minuti(fase) for riga in colloquio.appuntamenti.all() for fase in Fase)


def orologio(colloquio: Colloquio) -> Orologio:
    return Orologio(minuti_totali(colloquio))


def incontro_di_oggi(*, colloquio: Colloquio, attore: Operatore, adesso: dt.datetime) -> Appuntamento:
    """Today's sitting of this operator; it begins with the first thing they do, not with a look at the page."""
    incontro, creato = Appuntamento.objects.get_or_create(
        colloquio=colloquio, data=timezone.localdate(adesso), operatore=attore
    )
    if creato:
        registra(
            Azione.APPUNTAMENTO_REGISTRATO,
            attore=attore,
            oggetto=incontro,
            utente=colloquio.utente,
            dettaglio={"data": str(incontro.data)},
        )
    return incontro


@transaction.atomic
def registra_tempo(
    *,
    colloquio: Colloquio,
    fase: int,
    secondi: int,
    pagina_aperta_il: dt.datetime,
    attore: Operatore,
    adesso: dt.datetime,
) -> Appuntamento:
    """Add the seconds that the page measured, never more than the clock on the wall allows.

    Only the time since the page was opened, since this operator's last count and since midnight can be counted:
    two windows, a repeated request or an invented number cannot make a sitting longer than it was. A measure is not
    a decision of anybody: it changes no declared minute and writes no line of the register.
    """
    colloquio = blocca_colloquio(colloquio.pk)
    incontro = incontro_di_oggi(colloquio=colloquio, attore=attore, adesso=adesso)
    mezzanotte = timezone.localtime(adesso).replace(hour=0, minute=0, second=0, microsecond=0)
    inizio = max(filter(None, (pagina_aperta_il, incontro.misurato_fino_al, mezzanotte)))
    possibili = max(0, int((adesso - inizio).total_seconds()))
    campo = f"misurati_{int(fase)}"
    setattr(incontro, campo, getattr(incontro, campo) + min(max(0, secondi), possibili))
    incontro.misurato_fino_al = max(adesso, inizio)
    incontro.save(update_fields=[campo, "misurato_fino_al"])
    return incontro


@transaction.atomic
def dichiara_minuti(*, incontro: Appuntamento, dati: dict[str, Any], attore: Operatore) -> Appuntamento:
    """Set the minutes of the phases (None: as measured) and the manner of a sitting.

    `dati` holds any of `minuti_1`, `minuti_2`, `minuti_3`, `modo`.
    """
    colloquio = blocca_colloquio(incontro.colloquio_id)
    incontro = Appuntamento.objects.get(pk=incontro.pk)
    for campo in ("minuti_1", "minuti_2", "minuti_3"):
        _controlla_minuti(dati.get(campo), campo)
    cambiati = differenze(incontro, dati)
    if cambiati:
        for campo in cambiati:
            setattr(incontro, campo, dati[campo])
        incontro.save(update_fields=list(cambiati))
        registra(
            Azione.APPUNTAMENTO_REGISTRATO,
            attore=attore,
            oggetto=incontro,
            utente=colloquio.utente,
            dettaglio=cambiati,
        )
    return incontro


@transaction.atomic
def aggiungi_incontro(
    *, colloquio: Colloquio, data: dt.date, dati: dict[str, Any], attore: Operatore, adesso: dt.datetime
) -> Appuntamento:
    """Add a sitting that was held without this page, such as a group session (C1)."""
    colloquio = blocca_colloquio(colloquio.pk)
    if data > timezone.localdate(adesso):
        raise RegolaViolata(
            "Un incontro si registra dopo che è avvenuto: la data è nel futuro.", campo="data", regola="C1"
        )
    for campo in ("minuti_1", "minuti_2", "minuti_3"):
        _controlla_minuti(dati.get(campo), campo)
    try:
        with transaction.atomic():
            incontro = Appuntamento.objects.create(colloquio=colloquio, data=data, operatore=attore, **dati)
    except IntegrityError as errore:
        raise RegolaViolata(
            "C'è già un suo incontro in questa data: correggere i minuti di quello.", campo="data", regola="C1"
        ) from errore
    registra(
        Azione.APPUNTAMENTO_REGISTRATO,
        attore=attore,
        oggetto=incontro,
        utente=colloquio.utente,
        dettaglio={"data": str(data), **{nome: str(valore) for nome, valore in dati.items()}},
    )
    return incontro


def _controlla_minuti(minuti: int | None, campo: str) -> None:
    if minuti is not None and not 0 <= minuti <= MINUTI_DI_UNA_FASE:
        raise RegolaViolata(
            f"I minuti di una fase in un incontro vanno da 0 a {MINUTI_DI_UNA_FASE}.", campo=campo, regola="C2"
        )
