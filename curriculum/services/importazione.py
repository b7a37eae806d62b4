"""Reading a sheet and taking its chosen entries into the file (U4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File
from django.db import transaction

from curriculum.controllo.rifiuto import Rifiutato
from curriculum.importazione import motivi
from curriculum.importazione.albero import BYTE_MASSIMI
from curriculum.importazione.dati import Scheda
from curriculum.importazione.lettura import leggi_scheda
from orientamento.anagrafica.models import AltreInformazioni, Operatore, Utente
from orientamento.anagrafica.services.fascicolo import salva_voce
from orientamento.anagrafica.sezioni import SEZIONI
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra


@dataclass(frozen=True)
class VoceScelta:
    """One entry to take in: its section, its judged values, and where to say that a rule refuses it."""

    sezione: str
    dati: dict[str, Any]
    rifiuta: Callable[[RegolaViolata], None]


@dataclass
class EsitoImportazione:
    """How many entries of each section were added, and which ones were there already."""

    aggiunte: Counter[str] = field(default_factory=Counter)
    presenti: list[str] = field(default_factory=list)

    def in_parole(self) -> str:
        """ "Importate 3 voci: 1 in Titoli di studio, 2 in Lingue." and what was not repeated."""
        quante = self.aggiunte.total()
        dove = ", ".join(f"{n} in {SEZIONI[chiave].titolo}" for chiave, n in self.aggiunte.items())
        fatte = f"{'Importata 1 voce' if quante == 1 else f'Importate {quante} voci'}: {dove}." if quante else ""
        c_erano = f"Già nel fascicolo e non ripetute: {', '.join(self.presenti)}." if self.presenti else ""
        return " ".join(frase for frase in (fatte, c_erano) if frase)


class ImportazioneRifiutata(Exception):
    """A rule refused some entries: each has been told. Nothing has been written."""


def leggi(file: File[bytes]) -> Scheda:
    """What the sheet in `file` says. `RegolaViolata` at the field `file` where it cannot be read; nothing is kept."""
    if (file.size or 0) > BYTE_MASSIMI:
        raise RegolaViolata(motivi.troppo_grande(BYTE_MASSIMI), campo="file", regola="U4")
    file.seek(0)
    try:
        return leggi_scheda(file.read())
    except Rifiutato as rifiuto:
        raise RegolaViolata(rifiuto.motivo, campo="file", regola="U4") from rifiuto


def importa_scheda(*, utente: Utente, voci: list[VoceScelta], attore: Operatore) -> EsitoImportazione:
    """Add the chosen entries, all or none. What is in the file already, just as it is, is left and said.

    Licences join those of the file. Where rules refuse, every refused entry is told before `ImportazioneRifiutata`.
    """
    if not voci:
        raise RegolaViolata("Segnare almeno una voce da importare.", regola="U4")
    esito = EsitoImportazione()
    with transaction.atomic():
        utente = Utente.objects.bloccato(utente.pk)
        rifiutate = [voce for voce in voci if not _prendi(voce, utente, attore, esito)]
        if rifiutate:
            raise ImportazioneRifiutata
        if esito.aggiunte:
            quante = {SEZIONI[chiave].titolo: quante for chiave, quante in esito.aggiunte.items()}
            registra(Azione.SCHEDA_IMPORTATA, attore=attore, oggetto=utente, utente=utente, dettaglio=quante)
    return esito


def _prendi(voce: VoceScelta, utente: Utente, attore: Operatore, esito: EsitoImportazione) -> bool:
    """Save one entry inside the import's transaction; False where a rule refuses it, with nothing of it written."""
    modello = SEZIONI[voce.sezione].modello
    dati = voce.dati
    if modello is AltreInformazioni:
        dati = _con_le_patenti_di_prima(utente, dati)
    if modello._default_manager.filter(utente=utente, **dati).exists():
        esito.presenti.append(_come_si_chiama(voce))
        return True
    try:
        with transaction.atomic():
            salva_voce(utente=utente, modello=modello, dati=dati, attore=attore)
    except RegolaViolata as errore:
        voce.rifiuta(errore)
        return False
    esito.aggiunte[voce.sezione] += 1
    return True


def _con_le_patenti_di_prima(utente: Utente, dati: dict[str, Any]) -> dict[str, Any]:
    prima = AltreInformazioni.objects.filter(utente=utente).values_list("patenti", flat=True).first() or []
    tutte = {*prima, *dati["patenti"]}
    return {"patenti": [p for p in AltreInformazioni.Patente.values if p in tutte]}


def _come_si_chiama(voce: VoceScelta) -> str:
    return str(
        voce.dati.get("lingua") or voce.dati.get("mansione") or voce.dati.get("descrizione") or "Patenti di guida"
    )
