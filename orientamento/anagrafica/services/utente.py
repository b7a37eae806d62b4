"""The citizen's identity and contacts (U1): creation, change, passage to another person or office.

What is odd but possible is a warning (`Avviso`): the operator confirms exactly the one that was shown, by its
fingerprint, and the confirmation is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from orientamento.anagrafica.models import CPI, Operatore, Ruolo, Utente
from orientamento.anagrafica.services import codice_fiscale, comuni
from orientamento.comune.calendario import adesso as adesso_ora
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.piega import piega_testo
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from orientamento.registro.services import differenze, registra

CAMPI = (
    "codice_fiscale",
    "cognome",
    "nome",
    "sesso",
    "data_nascita",
    "luogo_nascita",
    "codice_luogo_nascita",
    "cittadinanza",
    "extra_ue",
    "domicilio_indirizzo",
    "domicilio_comune",
    "domicilio_codice_comune",
    "domicilio_provincia",
    "domicilio_cap",
    "residenza_indirizzo",
    "residenza_comune",
    "residenza_provincia",
    "residenza_cap",
    "telefono",
    "cellulare",
    "email",
    "pec",
)

# What follows, in the same transaction, when a codice fiscale is corrected; each says in a sentence what it did, or
# nothing. The apps above add their own service here when they start; this one knows none of them.
alla_correzione_del_codice: list[Callable[..., str]] = []

# The same for a file that passes to another office (A1): what is to be locked before the citizen's own row, which the
# others' may have to precede; and what follows, in the same transaction.
prima_del_passaggio: list[Callable[..., None]] = []
al_passaggio: list[Callable[..., None]] = []


@dataclass(frozen=True)
class Avviso:
    """Something odd to confirm: `chiave` says of what kind, `righe` say it in words, `persone` are possible doubles."""

    chiave: str
    titolo: str
    conferma: str
    righe: tuple[str, ...] = ()
    persone: tuple[dict[str, Any], ...] = field(default=(), hash=False)

    @property
    def impronta(self) -> str:
        """What a confirmation must name: the tick for one warning is no tick for another that came after."""
        testo = "\n".join([self.chiave, *self.righe, *(str(persona["chiave"]) for persona in self.persone)])
        return hashlib.sha256(testo.encode()).hexdigest()[:16]


class ConfermaNecessaria(RegolaViolata):
    """Nothing is wrong, but the operator must confirm the warnings first."""

    def __init__(self, avvisi: list[Avviso]) -> None:
        super().__init__("Confermare gli avvisi prima di salvare.", regola="U1")
        self.avvisi = avvisi


class FascicoloEsistente(RegolaViolata):
    """The codice fiscale has a file already (U1). `utente` is set only for who may see it."""

    def __init__(self, messaggio: str, *, utente: Utente | None) -> None:
        super().__init__(messaggio, campo="codice_fiscale", regola="U1")
        self.utente = utente


def fascicolo_esistente(codice: str, *, operatore: Operatore, tranne: int | None = None) -> FascicoloEsistente | None:
    """The refusal for a codice fiscale that has a file already; it tells a stranger the office and nothing else."""
    altro = Utente.objects.filter(codice_fiscale=codice).exclude(pk=tranne or 0).select_related("cpi").first()
    if altro is None:
        return None
    if Utente.objects.visibili_a(operatore).filter(pk=altro.pk).exists():
        return FascicoloEsistente(
            f"Esiste già un fascicolo con questo codice fiscale: {altro.cognome} {altro.nome}.", utente=altro
        )
    recapito = f" (telefono {altro.cpi.telefono})" if altro.cpi.telefono else ""
    return FascicoloEsistente(
        f"Il fascicolo di questa persona si trova presso un altro centro, {altro.cpi.nome}{recapito}: lo contatti, "
        "può passarlo al suo.",
        utente=None,
    )


def avvisi(
    dati: Mapping[str, Any], *, operatore: Operatore, adesso: dt.datetime, utente: Utente | None = None
) -> list[Avviso]:
    """What the operator must confirm before these data are saved for the new person, or for `utente`."""
    trovati = [
        _avviso_divergenze(dati, utente),
        _avviso_omonimi(dati, operatore, utente),
        _avviso_comune(dati, utente),
        _avviso_altro_cpi(dati, operatore, adesso, utente),
    ]
    return [avviso for avviso in trovati if avviso]


@transaction.atomic
def crea_utente(
    *, dati: Mapping[str, Any], attore: Operatore, adesso: dt.datetime, conferme: Collection[str] = ()
) -> Utente:
    """Open the file of a new citizen in the actor's office. One person, one file, under every race (U1)."""
    if attore.cpi_id is None:
        raise RegolaViolata("Solo chi lavora in un centro per l'impiego può aprire un fascicolo.", regola="A1")
    dati = _completati(dati)
    esistente = fascicolo_esistente(dati["codice_fiscale"], operatore=attore)
    if esistente:
        raise esistente
    confermati = _confermati(avvisi(dati, operatore=attore, adesso=adesso), conferme)
    utente = Utente(
        cpi_id=attore.cpi_id,
        operatore_riferimento=attore,
        divergenze_confermate=_divergenze(confermati),
        **{campo: dati[campo] for campo in CAMPI if campo in dati},
    )
    try:
        with transaction.atomic():
            utente.save(force_insert=True)
    except IntegrityError:
        esistente = fascicolo_esistente(dati["codice_fiscale"], operatore=attore)
        if esistente is None:
            raise
        raise esistente from None
    registra(
        Azione.FASCICOLO_CREATO,
        attore=attore,
        oggetto=utente,
        utente=utente,
        dettaglio={"confermati": [avviso.chiave for avviso in confermati]},
    )
    return utente


@transaction.atomic
def modifica_utente(
    *,
    utente: Utente,
    dati: Mapping[str, Any],
    versione: int,
    attore: Operatore,
    adesso: dt.datetime,
    conferme: Collection[str] = (),
    da_dire: list[str] | None = None,
) -> Utente:
    """Change identity and contacts; refused when somebody saved after `versione` was read (C8).

    Into `da_dire` go the sentences that say what followed from a corrected codice fiscale.
    """
    utente = Utente.objects.bloccato(utente.pk)
    if utente.versione != versione:
        raise VersioneSuperata
    dati = _completati({**{campo: getattr(utente, campo) for campo in CAMPI}, **dati})
    nuovi = {campo: dati[campo] for campo in CAMPI}
    cambiati = differenze(utente, nuovi)
    if not cambiati:
        return utente
    if "codice_fiscale" in cambiati:
        esistente = fascicolo_esistente(dati["codice_fiscale"], operatore=attore, tranne=utente.pk)
        if esistente:
            raise esistente
    confermati = _confermati(avvisi(dati, operatore=attore, adesso=adesso, utente=utente), conferme)
    attuali = codice_fiscale.divergenze(dati)
    utente.divergenze_confermate = [
        riga for riga in attuali if riga in utente.divergenze_confermate or riga in _divergenze(confermati)
    ]
    vecchio = utente.codice_fiscale
    for campo, valore in nuovi.items():
        setattr(utente, campo, valore)
    utente.versione += 1
    try:
        with transaction.atomic():
            utente.save(update_fields=[*cambiati, "divergenze_confermate", "versione", "modificato_il"])
    except IntegrityError:
        esistente = fascicolo_esistente(dati["codice_fiscale"], operatore=attore, tranne=utente.pk)
        if esistente is None:
            raise
        raise esistente from None
    registra(
        Azione.FASCICOLO_MODIFICATO,
        attore=attore,
        oggetto=utente,
        utente=utente,
        dettaglio={
            "campi": cambiati,
            "versione": utente.versione,
            "confermati": [avviso.chiave for avviso in confermati],
        },
    )
    for conseguenza in alla_correzione_del_codice if utente.codice_fiscale != vecchio else ():
        detto = conseguenza(utente=utente, vecchio=vecchio, attore=attore, adesso=adesso)
        if detto and da_dire is not None:
            da_dire.append(detto)
    return utente


def cambi_altrui(utente: Utente, versione: int) -> tuple[dict[str, list[str]], Evento | None]:
    """What others changed after `versione`: field → [before, after] as the register has it; and its last line."""
    eventi = Evento.objects.filter(
        utente=utente, azione=Azione.FASCICOLO_MODIFICATO, dettaglio__versione__gt=versione
    ).order_by("pk")
    cambi: dict[str, list[str]] = {}
    ultimo = None
    for ultimo in eventi:
        for campo, (prima, dopo) in ultimo.dettaglio["campi"].items():
            cambi[campo] = [cambi.get(campo, [prima])[0], dopo]
    return cambi, ultimo


@transaction.atomic
def riassegna_utente(*, utente: Utente, operatore: Operatore, attore: Operatore) -> Utente:
    """Give the file to another person of the same office."""
    utente = Utente.objects.bloccato(utente.pk)
    if operatore.cpi_id != utente.cpi_id or operatore.ruolo not in (Ruolo.OPERATORE, Ruolo.RESPONSABILE):
        raise RegolaViolata("Scegliere una persona di questo centro.", campo="operatore", regola="A1")
    if not operatore.is_active:
        raise RegolaViolata("L'accesso di questa persona è stato disattivato.", campo="operatore", regola="A1")
    if utente.operatore_riferimento_id == operatore.pk:
        return utente
    dettaglio = {"campi": differenze(utente, {"operatore_riferimento": operatore})}
    utente.operatore_riferimento = operatore
    utente.save(update_fields=["operatore_riferimento", "modificato_il"])
    registra(Azione.FASCICOLO_MODIFICATO, attore=attore, oggetto=utente, utente=utente, dettaglio=dettaglio)
    return utente


@transaction.atomic
def trasferisci_utente(*, utente: Utente, cpi: CPI, attore: Operatore, adesso: dt.datetime | None = None) -> Utente:
    """Pass the file to another office (A1). Both sides have their line: who let it go, who received it.

    With it goes what the old office has still to do with the person: see `al_passaggio`.
    """
    adesso = adesso or adesso_ora()
    for blocca in prima_del_passaggio:
        blocca(utente=utente, adesso=adesso)
    utente = Utente.objects.select_related("cpi").bloccato(utente.pk)
    if utente.cpi_id == cpi.pk:
        raise RegolaViolata(f"Il fascicolo è già presso {cpi.nome}.", campo="cpi", regola="A1")
    if utente.cpi_id != attore.cpi_id:
        raise RegolaViolata("Il fascicolo non è più del suo centro: è già stato passato.", regola="A1")
    if not cpi.attivo:
        raise RegolaViolata("Questo centro non è più attivo: sceglierne un altro.", campo="cpi", regola="A1")
    da = utente.cpi
    utente.cpi = cpi
    utente.operatore_riferimento = None
    utente.save(update_fields=["cpi", "operatore_riferimento", "modificato_il"])
    for lato in ("uscita", "entrata"):
        registra(
            Azione.FASCICOLO_TRASFERITO,
            attore=attore,
            oggetto=da if lato == "uscita" else cpi,
            utente=utente,
            dettaglio={"lato": lato, "da": da.nome, "a": cpi.nome},
        )
    for conseguenza in al_passaggio:
        conseguenza(utente=utente, attore=attore, adesso=adesso)
    return utente


def _completati(dati: Mapping[str, Any]) -> dict[str, Any]:
    """The data with the codes of the places that follow from the others."""
    completi = dict(dati)
    completi["codice_fiscale"] = codice_fiscale.normalizza(str(dati["codice_fiscale"]))
    letto = codice_fiscale.leggi(completi["codice_fiscale"])
    completi["codice_luogo_nascita"] = _codice_luogo(str(dati.get("luogo_nascita", "")), letto)
    comune = comuni.comune_attivo(str(dati.get("domicilio_comune", "")), str(dati.get("domicilio_provincia", "")))
    completi["domicilio_codice_comune"] = comune.codice if comune else ""
    return completi


def _codice_luogo(nome: str, letto: codice_fiscale.DatiCodiceFiscale | None) -> str:
    if letto and letto.luogo and comuni.si_chiama(letto.codice_luogo, nome):
        return letto.codice_luogo
    codici = comuni.codici_del_nome(nome)
    return codici.pop() if len(codici) == 1 else ""


def _confermati(trovati: list[Avviso], conferme: Collection[str]) -> list[Avviso]:
    if any(avviso.impronta not in conferme for avviso in trovati):
        raise ConfermaNecessaria(trovati)
    return trovati


def _divergenze(confermati: list[Avviso]) -> list[str]:
    return [riga for avviso in confermati if avviso.chiave == "divergenze" for riga in avviso.righe]


def _avviso_divergenze(dati: Mapping[str, Any], utente: Utente | None) -> Avviso | None:
    gia = utente.divergenze_confermate if utente else []
    righe = tuple(riga for riga in codice_fiscale.divergenze(dati) if riga not in gia)
    if not righe:
        return None
    return Avviso(
        "divergenze",
        "Il codice fiscale non concorda con gli altri dati",
        "Ho controllato su un documento: i dati sono giusti così",
        righe,
    )


def _avviso_omonimi(dati: Mapping[str, Any], operatore: Operatore, utente: Utente | None) -> Avviso | None:
    cognome, nome = piega_testo(str(dati["cognome"])), piega_testo(str(dati["nome"]))
    if utente and (utente.cognome_piegato, utente.nome_piegato, utente.data_nascita) == (
        cognome,
        nome,
        dati["data_nascita"],
    ):
        return None
    omonimi = (
        Utente.objects.filter(data_nascita=dati["data_nascita"], cognome_piegato=cognome, nome_piegato=nome)
        # The same codice fiscale, entered by another at this very moment, is no double: it is refused as existing.
        .exclude(codice_fiscale=dati["codice_fiscale"])
        .exclude(pk=utente.pk if utente else 0)
        .annotate(nome_cpi=F("cpi__nome"))[:10]
    )
    persone = tuple(
        {"chiave": altro.pk, "utente": altro}
        if altro.cpi_id == operatore.cpi_id
        else {"chiave": altro.pk, "cpi": altro.nome_cpi}
        for altro in omonimi
    )
    if not persone:
        return None
    return Avviso(
        "omonimi",
        "Esiste già una persona con lo stesso nome e la stessa data di nascita",
        "È un'altra persona",
        persone=persone,
    )


def _avviso_comune(dati: Mapping[str, Any], utente: Utente | None) -> Avviso | None:
    scritto = f"{dati['domicilio_comune']} ({dati['domicilio_provincia']})"
    if dati.get("domicilio_codice_comune"):
        return None
    if utente and scritto == f"{utente.domicilio_comune} ({utente.domicilio_provincia})":
        return None
    return Avviso(
        "comune",
        "Il comune di domicilio non è nell'elenco dei comuni di oggi",
        "Il nome è giusto: è un comune nuovo",
        (f"«{scritto}» non risulta: controllare come è scritto. Senza il comune non si sa quale centro è competente.",),
    )


def _avviso_altro_cpi(
    dati: Mapping[str, Any], operatore: Operatore, adesso: dt.datetime, utente: Utente | None
) -> Avviso | None:
    codice = str(dati.get("domicilio_codice_comune", ""))
    if not codice or (utente and utente.domicilio_codice_comune == codice):
        return None
    competente = comuni.cpi_competente(codice, timezone.localdate(adesso))
    if competente is None or competente.pk == (utente.cpi_id if utente else operatore.cpi_id):
        return None
    return Avviso(
        "altro_cpi",
        "Il domicilio è di un altro centro per l'impiego",
        "La persona resta seguita da questo centro",
        (f"Centro competente per chi abita a {dati['domicilio_comune']}: {competente.nome}.",),
    )
