"""What is written of a measure by its kind (M2): the host firm of a tirocinio, the course of a training, and so on.

The details are plain data in `Misura.dettagli`, with the number of their schema; what each kind needs before it may
start or be concluded is one table, which the page lists and the verbs refuse on (M3).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from orientamento.anagrafica.models import Operatore
from orientamento.anagrafica.services import codice_fiscale
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.mancanze import Mancanza
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import GenereServizio, Misura
from psp.services.passaggi_misura import blocca_misura, controlla_durata_del_patto

SCHEMA = 1


class TipoFormazione(models.TextChoices):
    """The kinds of training (C07)."""

    COMPETENZE_CHIAVE = "competenze_chiave", "Modulo sulle competenze chiave o di aggiornamento"
    WEB_LEARNING = "web_learning", "Modulo a distanza al web learning point"
    CATALOGO = "catalogo", "Formazione a catalogo, con voucher"
    JUST_IN_TIME = "just_in_time", "Just in Time"
    MISMATCH = "mismatch", "Mismatch"


class ModuloWebLearning(models.TextChoices):
    """The four kinds of module at the web learning points."""

    ITALIANO = "italiano", "Italiano per stranieri"
    INFORMATICA = "informatica", "Informatica di base"
    LINGUE = "lingue", "Lingue straniere"
    RICERCA = "ricerca", "Orientamento alla ricerca attiva del lavoro"


class IncentivoIllustrato(models.TextChoices):
    """What was explained to firms in favour of weak groups: nothing is said here of the person (U6)."""

    COLLOCAMENTO_MIRATO = "collocamento_mirato", "Collocamento mirato (L. 68/1999)"
    MIGRANTI = "migranti", "Persone migranti"
    FRAGILITA = "fragilita", "Altre fragilità"
    TERZO_SETTORE = "terzo_settore", "Cooperazione sociale e terzo settore"


class FaseCertificazione(models.TextChoices):
    INDIVIDUAZIONE = "individuazione", "Individuazione"
    VALIDAZIONE = "validazione", "Validazione"
    CERTIFICAZIONE = "certificazione", "Certificazione"


class StrumentoAccompagnamento(models.TextChoices):
    PIANO = "piano", "Piano di ricerca attiva"
    OPPORTUNITA = "opportunita", "Individuazione delle opportunità"
    CANDIDATURA = "candidatura", "Preparazione della candidatura"
    COLLOQUI = "colloqui", "Preparazione a colloqui e selezioni"
    PROPOSTE = "proposte", "Valutazione delle proposte di lavoro"


# Of each kind, the fields that its details have.
CAMPI: dict[str, tuple[str, ...]] = {
    GenereServizio.SEMINARIO: ("titolo", "programma"),
    GenereServizio.BILANCIO: ("competenze_tecnica", "competenze_trasversale", "competenze_digitale", "carenze"),
    GenereServizio.TIROCINIO: ("impresa", "codice_fiscale", "indirizzo", "tutor", "dal", "al", "progetto"),
    GenereServizio.TUTORAGGIO: ("tutor", "modalita"),
    GenereServizio.ACCOMPAGNAMENTO: ("strumenti", "attivita"),
    GenereServizio.SCOUTING: ("analizzato_il", "profilo", "incentivi"),
    GenereServizio.FORMAZIONE: ("tipo", "modulo", "corso", "ente", "luogo", "ore", "dal", "al"),
    GenereServizio.EURES: ("paesi", "lingue", "informazioni"),
    GenereServizio.CERTIFICAZIONE: ("competenza", "fase", "ente", "attestato"),
    GenereServizio.AUTO_IMPRESA: ("idea", "prossimo_passo"),
}
ELENCHI_DI_COMPETENZE = ("competenze_tecnica", "competenze_trasversale", "competenze_digitale")

# What must be written before the measure starts, and before it is concluded (M3): field → what to do.
PER_AVVIARE: dict[str, dict[str, str]] = {
    GenereServizio.TIROCINIO: {
        "impresa": "Scrivere l'impresa ospitante",
        "codice_fiscale": "Scrivere il codice fiscale o la partita IVA dell'impresa ospitante",
        "indirizzo": "Scrivere la sede del tirocinio",
        "tutor": "Scrivere il tutor dell'impresa",
        "dal": "Scrivere da quando comincia il tirocinio",
        "al": "Scrivere quando finisce il tirocinio",
        "progetto": "Scrivere il progetto formativo",
    },
}
PER_CONCLUDERE: dict[str, dict[str, str]] = {
    **PER_AVVIARE,
    GenereServizio.SEMINARIO: {"programma": "Scrivere il programma"},
    GenereServizio.SCOUTING: {"analizzato_il": "Scrivere quando è stato analizzato il profilo"},
    GenereServizio.FORMAZIONE: {
        "tipo": "Scegliere il tipo di formazione",
        "corso": "Scrivere il corso",
        "ente": "Scrivere l'ente che lo tiene",
        "luogo": "Scrivere dove si tiene",
        "ore": "Scrivere le ore del corso",
    },
    GenereServizio.EURES: {"paesi": "Scrivere almeno un paese"},
    GenereServizio.CERTIFICAZIONE: {
        "competenza": "Scrivere la competenza o la qualificazione",
        "fase": "Scegliere fin dove è arrivato il servizio",
    },
    GenereServizio.AUTO_IMPRESA: {
        "idea": "Scrivere l'idea di impresa",
        "prossimo_passo": "Scrivere il prossimo passo",
    },
    GenereServizio.ACCOMPAGNAMENTO: {"strumenti": "Spuntare che cosa è stato fatto"},
}


def ha_dettagli(misura: Misura) -> bool:
    return misura.servizio.genere in CAMPI


def mancanze_per_avviare(misura: Misura) -> list[Mancanza]:
    """What must be written before the measure starts, each with the address of its field."""
    return _mancanze(misura, PER_AVVIARE)


def mancanze_per_concludere(misura: Misura) -> list[Mancanza]:
    """What must be there before the measure is concluded: its details, an offer or firm for the scouting, every
    meeting with its presence (M3)."""
    mancanze = _mancanze(misura, PER_CONCLUDERE)
    genere = misura.servizio.genere
    if genere == GenereServizio.BILANCIO and not any(misura.dettagli.get(c) for c in ELENCHI_DI_COMPETENZE):
        mancanze.append(
            Mancanza("competenze", "Scrivere almeno una competenza spendibile", _campo(misura, "competenze_tecnica"))
        )
    if genere == GenereServizio.SCOUTING and not misura.scouting.exists():
        url = f"{reverse('psp:misura', args=[misura.pk])}#scouting"
        mancanze.append(Mancanza("scouting", "Registrare almeno un'offerta trovata o un'impresa contattata", url))
    aperti = misura.iscrizioni.filter(stato="prenotata").order_by("inizio").values_list("inizio", flat=True)
    if inizio := aperti.first():
        url = f"{reverse('psp:misura', args=[misura.pk])}#incontri"
        testo = "Segnare chi c'era, o annullare, gli incontri ancora fissati"
        mancanze.append(Mancanza("incontri", f"{testo} (il primo è del {timezone.localdate(inizio):%d/%m/%Y})", url))
    return mancanze


@transaction.atomic
def salva_dettagli(
    *, misura: Misura, dati: Mapping[str, Any], versione: int, attore: Operatore, adesso: dt.datetime
) -> Misura:
    """Write the details of an open measure; `versione` is that of the page the form was on (C8).

    Saving what is already there writes nothing. What the measure needed to start is not taken away afterwards.
    """
    riga = blocca_misura(misura)
    del adesso
    campi = CAMPI.get(riga.servizio.genere, ())
    if not campi:
        raise RegolaViolata("Di questo servizio non c'è altro da scrivere.", regola="M2")
    if riga.chiusa or riga.stato == Misura.Stato.RIFIUTATA:
        raise RegolaViolata(
            f"La misura è {riga.get_stato_display().lower()}: ciò che è scritto non si cambia più.", regola="M3"
        )
    nuovi = {"schema": SCHEMA, **{campo: _semplice(dati.get(campo)) for campo in campi if dati.get(campo)}}
    if nuovi == riga.dettagli:
        return riga
    if riga.versione != versione:
        raise VersioneSuperata
    if (codice := nuovi.get("codice_fiscale")) is not None:
        _controlla_codice(codice)
    if nuovi.get("dal") and nuovi.get("al") and nuovi["al"] < nuovi["dal"]:
        raise RegolaViolata("La fine precede l'inizio.", campo="al", regola="M3")
    for campo in ("dal", "al"):
        if campo in nuovi and nuovi[campo] != riga.dettagli.get(campo):
            controlla_durata_del_patto(riga, dt.date.fromisoformat(nuovi[campo]), campo)
    prima = riga.dettagli
    riga.dettagli = nuovi
    if riga.stato == Misura.Stato.AVVIATA and (mancano := mancanze_per_avviare(riga)):
        raise RegolaViolata(
            f"La misura è avviata: {mancano[0].testo[0].lower()}{mancano[0].testo[1:]}.",
            campo=mancano[0].chiave,
            regola="M3",
        )
    riga.versione += 1
    riga.save(update_fields=["dettagli", "versione"])
    registra(
        Azione.MISURA_MODIFICATA,
        attore=attore,
        oggetto=riga,
        utente=riga.patto.utente,
        dettaglio={"dettagli": sorted(c for c in campi if prima.get(c) != nuovi.get(c))},
    )
    return riga


def valida_codice_impresa(testo: str) -> str:
    """The fiscal code of a firm, upper case: eleven digits (partita IVA too) or sixteen characters, check digit seen.

    Raises `ValidationError` in words otherwise.
    """
    codice = codice_fiscale.normalizza(testo)
    if codice.startswith("IT") and codice[2:].isdigit():
        codice = codice[2:]
    if codice.isdigit() and len(codice) != 11:
        raise ValidationError(f"La partita IVA e il codice fiscale di una società hanno 11 cifre: qui {len(codice)}.")
    if len(codice) not in (11, 16):
        raise ValidationError(
            "Scrivere le 11 cifre della partita IVA, o i 16 caratteri del codice fiscale di una ditta individuale."
        )
    if codice == "0" * 11:
        raise ValidationError("Undici zeri non sono una partita IVA.")
    if len(codice) == 11 and not codice.isdigit():
        raise ValidationError("Una partita IVA ha solo cifre.")
    codice_fiscale.valida(codice)
    return codice


def competenze_spendibili(misura: Misura) -> list[tuple[str, str]]:
    """The list that a bilancio ends with: kind of skill → words (M4)."""
    return [
        (campo.removeprefix("competenze_"), descrizione)
        for campo in ELENCHI_DI_COMPETENZE
        for descrizione in misura.dettagli.get(campo, [])
    ]


def _controlla_codice(codice: str) -> None:
    try:
        valida_codice_impresa(codice)
    except ValidationError as errore:
        raise RegolaViolata(str(errore.message), campo="codice_fiscale", regola="M3") from errore


def _mancanze(misura: Misura, tabella: Mapping[str, Mapping[str, str]]) -> list[Mancanza]:
    dovuti = dict(tabella.get(misura.servizio.genere, {}))
    if misura.dettagli.get("tipo") == TipoFormazione.WEB_LEARNING and tabella is PER_CONCLUDERE:
        dovuti["modulo"] = "Scegliere il modulo del web learning point"
    return [
        Mancanza(campo, testo, _campo(misura, campo))
        for campo, testo in dovuti.items()
        if not misura.dettagli.get(campo)
    ]


def _campo(misura: Misura, campo: str) -> str:
    return f"{reverse('psp:misura', args=[misura.pk])}#id_dettagli-{campo}"


def _semplice(valore: Any) -> Any:
    """A value as plain data: dates as ISO text, lists as lists, numbers as text with a point."""
    if isinstance(valore, dt.date):
        return valore.isoformat()
    if isinstance(valore, list | tuple):
        return [_semplice(v) for v in valore]
    if isinstance(valore, Decimal):
        return f"{valore:f}"
    return valore if isinstance(valore, str | int) else str(valore)
