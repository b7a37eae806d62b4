"""Import of the official classification of professions from ISTAT's tables (P3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from propensioni.models import Professione, VoceProfessione
from propensioni.services.glossario import EDIZIONE, aggiungi_voci
from propensioni.services.tabella import Unita, leggi_tabella


@dataclass(frozen=True)
class Esito:
    """What the import did; printed as one line."""

    unita: int
    voci: int
    unita_nuove: int
    voci_nuove: int
    ritirate: int
    livelli_superiori: int

    def __str__(self) -> str:
        return (
            f"Lette {self.unita} unità professionali e {self.voci} voci: nuove {self.unita_nuove} unità e "
            f"{self.voci_nuove} voci, ritirate {self.ritirate}; saltate {self.livelli_superiori} righe di "
            "livelli superiori."
        )


def importa_professioni(file: Path, *, edizione: str = EDIZIONE) -> Esito:
    """Bring the glossary in line with an official table. Idempotent; all of the file or nothing.

    A unit whose title changed is retired, never deleted: propensioni may point to it. Everyday entries are not touched,
    and where those of a unit agree on the SEP the official title proposes it too. Raises `TabellaNonLeggibile`.
    """
    tabella = leggi_tabella(file)
    with transaction.atomic():
        return _scrivi(tabella.unita, tabella.saltate, edizione)


def _scrivi(unita: list[Unita], saltate: int, edizione: str) -> Esito:
    prima = Professione.objects.count(), VoceProfessione.objects.count()
    settori = _settori_di_uso(edizione)
    Professione.objects.bulk_create(
        [Professione(codice=u.codice, edizione=edizione, titolo=u.titolo, sep_id=settori.get(u.codice)) for u in unita],
        ignore_conflicts=True,
        batch_size=1000,
    )
    titoli = {(u.codice, u.titolo) for u in unita}
    correnti: dict[tuple[str, str], Professione] = {}
    superate, riprese = [], []
    for professione in Professione.objects.filter(edizione=edizione, codice__in={u.codice for u in unita}):
        chiave = (professione.codice, professione.titolo)
        if chiave in titoli:
            correnti[chiave] = professione
            if not professione.attiva:
                riprese.append(professione.pk)
        elif professione.attiva and not professione.quotidiana:
            superate.append(professione.pk)
    Professione.objects.filter(pk__in=superate).update(attiva=False)
    Professione.objects.filter(pk__in=riprese).update(attiva=True)
    aggiungi_voci({correnti[u.codice, u.titolo]: [u.titolo, *u.voci] for u in unita})
    esito = Esito(
        unita=len(unita),
        voci=sum(len(u.voci) for u in unita),
        unita_nuove=Professione.objects.count() - prima[0],
        voci_nuove=VoceProfessione.objects.count() - prima[1],
        ritirate=len(superate),
        livelli_superiori=saltate,
    )
    if esito.unita_nuove or esito.voci_nuove or superate or riprese:
        registra(
            Azione.CONFIGURAZIONE_MODIFICATA, attore=None, dettaglio={"professioni": str(esito), "edizione": edizione}
        )
    return esito


def _settori_di_uso(edizione: str) -> dict[str, int]:
    """Unit code → SEP, where the everyday professions of the unit agree on one."""
    per_codice: dict[str, set[int]] = defaultdict(set)
    quotidiane = Professione.objects.filter(edizione=edizione, quotidiana=True, sep__isnull=False)
    for codice, sep_id in quotidiane.values_list("codice", "sep_id"):
        per_codice[codice].add(sep_id)
    return {codice: next(iter(sep)) for codice, sep in per_codice.items() if len(sep) == 1}
