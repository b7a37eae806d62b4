"""Which centre is competent for which town: the import of a new list (U1)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass, field

from django.db import transaction

from orientamento.anagrafica.models import CPI, CompetenzaTerritoriale, Operatore
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

NOMI_COMUNE = ("comune", "codice_comune", "belfiore", "codice_catastale")
NOMI_CPI = ("cpi", "codice_cpi")
NOMI_NOME = ("nome", "nome_comune", "denominazione")


@dataclass
class EsitoImportazione:
    """What the import did, for the line that the command prints."""

    nuove: int = 0
    cambiate: int = 0
    invariate: int = 0
    errori: list[str] = field(default_factory=list)


@transaction.atomic
def importa_competenze(testo: str, *, dal: dt.date, attore: Operatore | None = None) -> EsitoImportazione:
    """Read a CSV of town code and CPI code and make it the rule from `dal` on. All or nothing.

    A town that passes to another centre closes its old row the day before. Every line that cannot be read is told.
    """
    righe = _leggi(testo)
    centri = {cpi.codice: cpi for cpi in CPI.objects.all()}
    in_vigore = {
        c.codice_comune: c
        for c in CompetenzaTerritoriale.objects.select_for_update(of=("self",), no_key=True).filter(
            valido_al__isnull=True
        )
    }
    esito = EsitoImportazione()
    visti: dict[str, int] = {}
    for numero, (comune, codice_cpi, nome) in righe:
        presente = in_vigore.get(comune)
        errore = _errore(comune, codice_cpi, nome or (presente.comune if presente else ""), centri, visti)
        if errore:
            esito.errori.append(f"Riga {numero}: {errore}")
            continue
        visti[comune] = numero
        _applica(esito, presente, comune, nome, centri[codice_cpi], dal)
    if esito.errori:
        raise RegolaViolata("Nessuna riga è stata importata.\n" + "\n".join(esito.errori), regola="U1")
    if esito.nuove or esito.cambiate:
        registra(
            Azione.CONFIGURAZIONE_MODIFICATA,
            attore=attore,
            dettaglio={"competenze": {"nuove": esito.nuove, "cambiate": esito.cambiate}, "dal": dal.isoformat()},
        )
    return esito


def _errore(comune: str, codice_cpi: str, nome: str, centri: dict[str, CPI], visti: dict[str, int]) -> str:
    if not re.fullmatch(r"[A-Z]\d{3}", comune):
        return f"«{comune}» non è un codice catastale di comune (una lettera e tre cifre, come D612)."
    if comune in visti:
        return f"il comune {comune} è già alla riga {visti[comune]}."
    if codice_cpi not in centri:
        return f"il centro «{codice_cpi}» non esiste: va creato prima in Amministrazione, Centri per l'impiego."
    if not nome:
        return f"il comune {comune} è nuovo: aggiungere al file la colonna «nome» con la sua denominazione."
    return ""


def _applica(
    esito: EsitoImportazione,
    presente: CompetenzaTerritoriale | None,
    comune: str,
    nome: str,
    cpi: CPI,
    dal: dt.date,
) -> None:
    if presente and presente.cpi_id == cpi.pk:
        esito.invariate += 1
        return
    if presente and presente.valido_dal >= dal:
        presente.cpi = cpi
        presente.save(update_fields=["cpi"])
        esito.cambiate += 1
        return
    if presente:
        presente.valido_al = dal - dt.timedelta(days=1)
        presente.save(update_fields=["valido_al"])
        esito.cambiate += 1
    else:
        esito.nuove += 1
    CompetenzaTerritoriale.objects.create(
        cpi=cpi, codice_comune=comune, comune=nome or (presente.comune if presente else ""), valido_dal=dal
    )


def _leggi(testo: str) -> list[tuple[int, tuple[str, str, str]]]:
    testo = testo.lstrip("\ufeff")
    prima, _, _ = testo.partition("\n")
    lettore = csv.DictReader(io.StringIO(testo), delimiter=";" if prima.count(";") > prima.count(",") else ",")
    colonne = {(nome or "").strip().lower(): nome for nome in lettore.fieldnames or []}

    def colonna(nomi: tuple[str, ...]) -> str | None:
        return next((colonne[n] for n in nomi if n in colonne), None)

    comune, cpi, nome = colonna(NOMI_COMUNE), colonna(NOMI_CPI), colonna(NOMI_NOME)
    if comune is None or cpi is None:
        raise RegolaViolata("La prima riga del file deve nominare le colonne «comune» e «cpi».", regola="U1")
    return [
        (
            lettore.line_num,
            (
                (riga[comune] or "").strip().upper(),
                (riga[cpi] or "").strip().upper(),
                ((riga[nome] or "").strip() if nome else ""),
            ),
        )
        for riga in lettore
    ]
