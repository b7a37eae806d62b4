"""Offices, accounts, programmes and texts, as the administrator keeps them (A1). Every change is in the register."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from axes.utils import reset as sblocca_accessi
from django.db import IntegrityError, models, transaction
from django.db.models import Max, Q

from orientamento.anagrafica.models import CPI, DID, Operatore, Programma, Ruolo, TestoInformativo
from orientamento.comune.calendario import oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import differenze, registra

# No letters or digits that are mistaken for one another when read aloud.
_CARATTERI = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def salva_centro(*, centro: CPI | None, dati: dict[str, Any], attore: Operatore) -> CPI:
    """Enter an office or correct it. One that has people at work in it is not switched off."""
    if centro and not dati["attivo"] and centro.operatori.filter(is_active=True).exists():
        raise RegolaViolata(
            "Al centro appartengono ancora operatori attivi: vanno prima spostati o disattivati.",
            campo="attivo",
            regola="A1",
        )
    return _salva(CPI, centro, dati, attore)


@transaction.atomic
def salva_operatore(*, operatore: Operatore | None, dati: dict[str, Any], attore: Operatore) -> tuple[Operatore, str]:
    """Enter an account, with a password to be told once, or correct it (the password is then empty)."""
    if dati["ruolo"] == Ruolo.AMMINISTRATORE:
        dati = {**dati, "cpi": None}
    elif dati["cpi"] is None:
        raise RegolaViolata("Scegliere il centro per l'impiego.", campo="cpi", regola="A1")
    if operatore is None:
        password = genera_password()
        operatore = Operatore(**dati)
        operatore.set_password(password)
        operatore.save()
        registra(
            Azione.CONFIGURAZIONE_MODIFICATA,
            attore=attore,
            oggetto=operatore,
            dettaglio={"creato": operatore.username, "ruolo": str(dati["ruolo"]), "centro": str(dati["cpi"] or "")},
        )
        return operatore, password
    if operatore.pk == attore.pk and (dati["ruolo"] != operatore.ruolo or not dati["is_active"]):
        raise RegolaViolata(
            "Non si può togliere il ruolo o disattivare il proprio account: lo faccia un altro amministratore.",
            campo="ruolo" if dati["is_active"] else "is_active",
            regola="A1",
        )
    return _salva(Operatore, operatore, dati, attore), ""


@transaction.atomic
def reimposta_password(*, operatore: Operatore, attore: Operatore) -> str:
    """A new password, to be told once; the sessions open with the old one end, a locked account opens."""
    operatore = Operatore.objects.select_for_update(of=("self",), no_key=True).get(pk=operatore.pk)
    password = genera_password()
    operatore.set_password(password)
    operatore.save(update_fields=["password"])
    sblocca_accessi(username=operatore.username)
    registra(
        Azione.CONFIGURAZIONE_MODIFICATA,
        attore=attore,
        oggetto=operatore,
        dettaglio={"password": "reimpostata", "account": operatore.username},
    )
    return password


def genera_password() -> str:
    """Four groups of four, easy to dictate."""
    return "-".join("".join(secrets.choice(_CARATTERI) for _ in range(4)) for _ in range(4))


@transaction.atomic
def salva_programma(*, programma: Programma | None, dati: dict[str, Any], attore: Operatore) -> Programma:
    """Enter a programme. One used by a DID is never edited: a new row takes its place from a day on (U3)."""
    if programma is None:
        return _nuovo_programma(dati, attore)
    programma = Programma.objects.select_for_update(of=("self",), no_key=True).get(pk=programma.pk)
    usi = DID.objects.filter(programma=programma).aggregate(ultima=Max("data"))["ultima"]
    cambi = differenze(programma, dati)
    if usi is None or set(cambi) <= {"valido_al"}:
        if usi and dati["valido_al"] and dati["valido_al"] < usi:
            raise RegolaViolata(
                f"C'è una DID del {usi:%d/%m/%Y} con questo programma: la fine non può precederla.", campo="valido_al"
            )
        _senza_sovrapposizioni(dati, esclusa=programma.pk)
        return _salva(Programma, programma, dati, attore)
    if dati["valido_dal"] <= max(programma.valido_dal, usi):
        raise RegolaViolata(
            f"La riga è usata da DID fino al {usi:%d/%m/%Y} e non si riscrive: la nuova versione deve cominciare dopo.",
            campo="valido_dal",
            regola="U3",
        )
    programma.valido_al = dati["valido_dal"] - dt.timedelta(days=1)
    programma.save(update_fields=["valido_al"])
    return _nuovo_programma({**dati, "chiave": programma.chiave}, attore)


def _nuovo_programma(dati: dict[str, Any], attore: Operatore) -> Programma:
    _senza_sovrapposizioni(dati)
    return _salva(Programma, None, dati, attore)


def _senza_sovrapposizioni(dati: dict[str, Any], esclusa: int = 0) -> None:
    if dati["valido_al"] and dati["valido_al"] < dati["valido_dal"]:
        raise RegolaViolata("La fine precede l'inizio.", campo="valido_al")
    altre = Programma.objects.filter(chiave=dati["chiave"]).exclude(pk=esclusa)
    altre = altre.filter(Q(valido_al__isnull=True) | Q(valido_al__gte=dati["valido_dal"]))
    if dati["valido_al"]:
        altre = altre.filter(valido_dal__lte=dati["valido_al"])
    if altra := altre.first():
        raise RegolaViolata(
            f"Nello stesso periodo vale già «{altra}», dal {altra.valido_dal:%d/%m/%Y}: aprire quella riga.",
            campo="valido_dal",
            regola="U3",
        )


@transaction.atomic
def nuova_versione_testo(*, dati: dict[str, Any], attore: Operatore) -> TestoInformativo:
    """A new version of a text. The one before keeps its words for ever, and ends the day before."""
    if dati["valido_dal"] < oggi():
        raise RegolaViolata("Una nuova versione vale da oggi in poi.", campo="valido_dal", regola="U2")
    versioni = list(
        TestoInformativo.objects.select_for_update(of=("self",), no_key=True)
        .filter(genere=dati["genere"])
        .order_by("-versione")
    )
    if versioni and (versioni[0].titolo, versioni[0].testo) == (dati["titolo"], dati["testo"]):
        raise RegolaViolata("Il testo è uguale a quello della versione attuale.", campo="testo")
    for precedente in versioni:
        if precedente.valido_al is None:
            precedente.valido_al = max(precedente.valido_dal, dati["valido_dal"] - dt.timedelta(days=1))
            precedente.save(update_fields=["valido_al"])
    testo = TestoInformativo.objects.create(**dati, versione=versioni[0].versione + 1 if versioni else 1)
    registra(
        Azione.CONFIGURAZIONE_MODIFICATA,
        attore=attore,
        oggetto=testo,
        dettaglio={"testo": testo.titolo, "versione": testo.versione, "valido_dal": testo.valido_dal.isoformat()},
    )
    return testo


def _salva(modello: type[models.Model], oggetto: Any, dati: dict[str, Any], attore: Operatore) -> Any:
    """Create or update with the line in the register; what the database refuses is said in words."""
    if oggetto is None:
        oggetto, campi = modello(), None
        cambi: dict[str, Any] = {"creato": str(dati.get("nome") or dati.get("username") or "")}
    else:
        oggetto = modello._default_manager.select_for_update(of=("self",), no_key=True).get(pk=oggetto.pk)
        cambi = differenze(oggetto, dati)
        campi = list(cambi)
        if not cambi:
            return oggetto
    for campo, valore in dati.items():
        setattr(oggetto, campo, valore)
    try:
        with transaction.atomic():
            oggetto.save(update_fields=campi)
    except IntegrityError as errore:
        raise RegolaViolata("Esiste già una riga con gli stessi dati.") from errore
    registra(Azione.CONFIGURAZIONE_MODIFICATA, attore=attore, oggetto=oggetto, dettaglio=cambi)
    return oggetto
