"""Who came, with the real minutes, and who did not, with the reasons of the norm (C2, U6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from orientamento.anagrafica.models import Operatore
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra_tutti
from psp.models import CHIUSE, GiustificazioneAssenza, Iscrizione, Misura, MotivoAssenza, Seduta
from psp.models.agenda import MINUTI_DI_UNA_SEDUTA
from psp.services.agenda.blocchi import Bloccata, blocca_seduta
from psp.services.agenda.chi import nome_per_il_centro
from psp.services.agenda.conflitti import vincoli_in_parole

ESITI = (Iscrizione.Stato.PRESENTE, Iscrizione.Stato.ASSENTE, Iscrizione.Stato.GIUSTIFICATA)


@dataclass(frozen=True)
class Presenza:
    """How it went for one booking: `minuti` only for who came (empty: those planned), `motivo_assenza` only for who is
    justified (empty: the one already written, which pages do not know)."""

    stato: str
    minuti: int | None = None
    motivo_assenza: str = ""


@transaction.atomic
def segna_presenze(
    *,
    seduta: Seduta,
    esiti: Mapping[int, Presenza],
    attore: Operatore,
    adesso: dt.datetime,
    viste: Mapping[int, str] | None = None,
) -> list[Iscrizione]:
    """Write who came, all at once; `esiti` by key of the booking. Answers the bookings that changed.

    `viste` holds the `segno` of each line as the page showed it: a line that somebody else has written since is not
    overwritten (C8).

    Done again it corrects, and the register says so. Once everybody with a place has an outcome the meeting is held.
    A booking left over when its measure was closed does not count for it any more (C2).
    The reason of an absence stands in its own table, and never in the register (U6).
    """
    tutti = blocca_seduta(seduta, misure=True)
    riga = tutti.seduta
    if riga.stato == Seduta.Stato.ANNULLATA:
        raise RegolaViolata("L'appuntamento è annullato: non ci sono presenze da segnare.")
    if adesso < riga.inizio:
        raise RegolaViolata("L'appuntamento non è ancora cominciato: le presenze si segnano da quando comincia.")
    per_chiave = {i.pk: i for i in tutti.iscrizioni if i.posto is not None}
    if set(esiti) - set(per_chiave):
        raise RegolaViolata("Una delle prenotazioni non è più valida: ricaricare la pagina.")
    misure = {m.pk: m for m in Misura.objects.filter(pk__in={i.misura_id for i in per_chiave.values()})}
    motivi = dict(GiustificazioneAssenza.objects.filter(iscrizione__in=per_chiave).values_list("iscrizione", "motivo"))
    giustificate: list[GiustificazioneAssenza] = []
    cambiate: list[tuple[Iscrizione, dict[str, Any]]] = []
    for chiave, presenza in esiti.items():
        iscrizione = per_chiave[chiave]
        prima = (iscrizione.stato, iscrizione.minuti, motivi.get(chiave, ""))
        dopo = _valori(iscrizione, presenza, riga.minuti, prima[2])
        if prima == dopo:
            continue
        if viste and viste.get(chiave, segno(iscrizione)) != segno(iscrizione):
            raise VersioneSuperata(
                f"{iscrizione.segnata_da} ha segnato {_chi(iscrizione)} mentre lei aveva la pagina aperta: "
                f"{iscrizione.get_stato_display().lower()}. Guardare le presenze e salvare di nuovo."
            )
        _libera_o_rifiuta(misure.get(iscrizione.misura_id or 0), iscrizione)
        iscrizione.stato, iscrizione.minuti, motivo = dopo
        iscrizione.segnata_il, iscrizione.segnata_da = adesso, attore
        dettaglio = {"seduta": riga.pk, "stato": [prima[0], dopo[0]], "minuti": [prima[1], dopo[1]]}
        cambiate.append((iscrizione, dettaglio))
        if motivo:
            giustificate.append(
                GiustificazioneAssenza(iscrizione=iscrizione, motivo=motivo, registrata_il=adesso, registrata_da=attore)
            )
    with vincoli_in_parole():
        Iscrizione.objects.bulk_update(
            [i for i, _ in cambiate], ["stato", "minuti", "misura", "segnata_il", "segnata_da"]
        )
    _scrivi_motivi([i for i, _ in cambiate if i.pk in motivi], giustificate)
    registra_tutti(Azione.PRESENZA_SEGNATA, attore=attore, righe=[(i, i.utente, d) for i, d in cambiate])
    tenuta_se_segnata(tutti)
    return [i for i, _ in cambiate]


def tenuta_se_segnata(tutti: Bloccata) -> None:
    """A locked meeting is held once everybody with a place has an outcome."""
    con_posto = [i for i in tutti.iscrizioni if i.posto is not None]
    if con_posto and tutti.seduta.stato == Seduta.Stato.FISSATA and all(i.stato in ESITI for i in con_posto):
        tutti.seduta.stato = Seduta.Stato.TENUTA
        tutti.seduta.save(update_fields=["stato"])


def segno(iscrizione: Iscrizione) -> str:
    """When the presence was last written, as the page carries it along."""
    return iscrizione.segnata_il.isoformat() if iscrizione.segnata_il else ""


def _chi(iscrizione: Iscrizione) -> str:
    return nome_per_il_centro(iscrizione.utente, iscrizione.seduta.cpi_id)


def _valori(iscrizione: Iscrizione, presenza: Presenza, previsti: int, gia: str) -> tuple[str, int | None, str]:
    """State, minutes and reason as they are to be written; `gia` is the reason there is."""
    if presenza.stato not in ESITI:
        raise RegolaViolata(f"Segnare se {_chi(iscrizione)} era presente o assente.", campo=f"stato-{iscrizione.pk}")
    if presenza.stato == Iscrizione.Stato.PRESENTE:
        minuti = previsti if presenza.minuti is None else presenza.minuti
        if not 1 <= minuti <= MINUTI_DI_UNA_SEDUTA:
            raise RegolaViolata(
                f"I minuti effettivi di {_chi(iscrizione)} vanno da 1 a {MINUTI_DI_UNA_SEDUTA}.",
                campo=f"minuti-{iscrizione.pk}",
                regola="C2",
            )
        return presenza.stato, minuti, ""
    if presenza.stato == Iscrizione.Stato.GIUSTIFICATA:
        motivo = presenza.motivo_assenza or gia
        if motivo not in MotivoAssenza.values:
            raise RegolaViolata(
                f"Scegliere il motivo che giustifica l'assenza di {_chi(iscrizione)}.",
                campo=f"motivo-{iscrizione.pk}",
                regola="U6",
            )
        return presenza.stato, None, motivo
    return presenza.stato, None, ""


def _scrivi_motivi(da_togliere: list[Iscrizione], nuove: list[GiustificazioneAssenza]) -> None:
    """The old reasons go, the new ones come: an absence justified otherwise keeps nothing of before (U6)."""
    if da_togliere:
        GiustificazioneAssenza.objects.filter(iscrizione__in=da_togliere).delete()
    if nuove:
        GiustificazioneAssenza.objects.bulk_create(nuove)


def _libera_o_rifiuta(misura: Misura | None, iscrizione: Iscrizione) -> None:
    """The hours of a closed measure are those that its closing was judged on (C2)."""
    if misura is None or misura.stato not in CHIUSE:
        return
    if iscrizione.stato == Iscrizione.Stato.PRENOTATA:
        iscrizione.misura = None
    else:
        raise RegolaViolata(
            f"La misura di {_chi(iscrizione)} è già chiusa con le sue ore: la presenza non si cambia più.",
            campo=f"stato-{iscrizione.pk}",
            regola="C2",
        )
