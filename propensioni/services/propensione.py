"""Adding, changing and removing the propensioni of a citizen (P1, P2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.calendario import adesso as ora_attuale
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import differenze, registra
from propensioni.models import Professione, Propensione
from propensioni.nota import ETICHETTE, Nota, componi

POSTI = (1, 2, 3)
PROVENIENZE = ("da_lavoro", "da_istruzione", "da_formazione")

LIMITI_TESTO = {"competenze": 10_000, "altro": 10_000, "apprese": 2_000}
LIMITE_TESTO = 1_000
PRIMO_ANNO = 1930
DURATA_MASSIMA_ANNI = 70

AL_MASSIMO_TRE = (
    "Le propensioni sono al massimo tre e ci sono già tutte. Per aggiungere questa, eliminarne prima una o modificarla."
)
GIA_PRESENTE = "Questa professione è già tra le propensioni della persona. Si può modificare quella."
SENZA_PROVENIENZA = "Indicare almeno una provenienza: lavoro, istruzione o formazione."
_VINCOLI = {
    "un_posto_per_propensione": (AL_MASSIMO_TRE, None),
    "al_massimo_tre_propensioni": (AL_MASSIMO_TRE, None),
    "professione_una_sola_volta": (GIA_PRESENTE, "professione"),
    "almeno_una_provenienza": (SENZA_PROVENIENZA, "provenienze"),
}


@transaction.atomic
def aggiungi_propensione(
    *, utente: Utente, dati: Mapping[str, Any], attore: Operatore, adesso: dt.datetime | None = None
) -> Propensione:
    """Add one in the first free place (P1).

    `dati`: professione, da_lavoro, da_istruzione, da_formazione, data_intervista (today if absent), nota (a mapping).
    """
    utente = Utente.objects.bloccato(utente.pk)  # who adds or removes waits here
    posti = set(Propensione.objects.filter(utente=utente).values_list("posto", flat=True))
    posto = next((p for p in POSTI if p not in posti), None)
    if posto is None:
        raise RegolaViolata(AL_MASSIMO_TRE, regola="P1")
    campi = _campi(dati, utente=utente, adesso=adesso or ora_attuale())
    if not campi["professione"].attiva:
        raise RegolaViolata(
            "Questa professione non è più nel glossario: sceglierne un'altra.", campo="professione", regola="P1"
        )
    propensione = Propensione(utente=utente, posto=posto, creata_da=attore, **campi)
    _salva(propensione)
    _registra(Azione.PROPENSIONE_AGGIUNTA, propensione, attore)
    return propensione


@transaction.atomic
def modifica_propensione(
    *,
    propensione: Propensione,
    dati: Mapping[str, Any],
    versione: int,
    attore: Operatore,
    adesso: dt.datetime | None = None,
) -> Propensione:
    """Change one; refused where somebody else saved it meanwhile (C8). Same `dati` as adding; what is absent stays."""
    bloccata = Propensione.objects.select_for_update(of=("self",), no_key=True).select_related("utente")
    propensione = bloccata.filter(pk=propensione.pk).first()  # type: ignore[assignment]
    if propensione is None:
        raise RegolaViolata("Questa propensione è stata eliminata da qualcun altro nel frattempo.", regola="C8")
    if propensione.versione != versione:
        raise VersioneSuperata(
            "Qualcun altro ha salvato questa propensione mentre lei scriveva: "
            "confrontare le due versioni e salvare di nuovo."
        )
    prima = {nome: getattr(propensione, nome) for nome in (*PROVENIENZE, "professione", "data_intervista", "nota")}
    campi = _campi({**prima, **dati}, utente=propensione.utente, adesso=adesso or ora_attuale())
    cambi = differenze(propensione, {k: v for k, v in campi.items() if k not in ("nota", "nota_testo")})
    nota_cambiata = campi["nota"] != propensione.nota
    if not cambi and not nota_cambiata:
        return propensione
    for nome, valore in campi.items():
        setattr(propensione, nome, valore)
    propensione.versione += 1
    _salva(propensione)
    _registra(
        Azione.PROPENSIONE_MODIFICATA,
        propensione,
        attore,
        cambi=cambi,
        nota="cambiata" if nota_cambiata else "uguale",
    )
    return propensione


@transaction.atomic
def elimina_propensione(*, propensione: Propensione, attore: Operatore) -> None:
    """Remove one; its place is free again. The register keeps which one it was, not its note."""
    Utente.objects.bloccato(propensione.utente_id)
    ancora = Propensione.objects.select_related("professione", "utente").filter(pk=propensione.pk).first()
    if ancora is None:
        raise RegolaViolata("Questa propensione era già stata eliminata.", regola="P1")
    _registra(Azione.PROPENSIONE_ELIMINATA, ancora, attore)
    ancora.delete()


def _salva(propensione: Propensione) -> None:
    """Save; what a constraint refuses, under a race too, is said in the words of its rule."""
    try:
        with transaction.atomic():
            propensione.save()
    except IntegrityError as errore:
        vincolo = getattr(getattr(errore.__cause__, "diag", None), "constraint_name", None)
        if vincolo not in _VINCOLI:
            raise
        messaggio, campo = _VINCOLI[vincolo]
        raise RegolaViolata(messaggio, campo=campo, regola="P1") from errore


def _campi(dati: Mapping[str, Any], *, utente: Utente, adesso: dt.datetime) -> dict[str, Any]:
    """The fields to write, checked (P1, P2)."""
    professione = dati.get("professione")
    if not isinstance(professione, Professione):
        raise RegolaViolata("Scegliere la professione dal glossario.", campo="professione", regola="P1")
    provenienze = {nome: bool(dati.get(nome)) for nome in PROVENIENZE}
    if not any(provenienze.values()):
        raise RegolaViolata(SENZA_PROVENIENZA, campo="provenienze", regola="P1")
    oggi = timezone.localdate(adesso)
    data = dati.get("data_intervista") or oggi
    if data > oggi:
        raise RegolaViolata("La data dell'intervista non può essere nel futuro.", campo="data_intervista", regola="P1")
    if data < utente.data_nascita:
        raise RegolaViolata(
            "La data dell'intervista viene prima della nascita della persona.", campo="data_intervista", regola="P1"
        )
    nota = Nota.da_dati(dati.get("nota") or {})
    controlla_nota(nota, oggi=oggi)
    return {
        "professione": professione,
        **provenienze,
        "data_intervista": data,
        "nota": nota.come_dati(),
        "nota_testo": componi(nota),
    }


def controlla_nota(nota: Nota, *, oggi: dt.date) -> None:
    """Refuse a note with a text too long, a year or a length that cannot be (P2)."""
    for nome, etichetta in ETICHETTE.items():
        valore = getattr(nota, nome)
        limite = LIMITI_TESTO.get(nome, LIMITE_TESTO)
        if isinstance(valore, str) and len(valore) > limite:
            raise RegolaViolata(
                f"«{etichetta}» supera i {limite} caratteri (sono {len(valore)}): accorciare il testo.",
                campo=nome,
                regola="P2",
            )
    if nota.ultimo_anno is not None and not PRIMO_ANNO <= nota.ultimo_anno <= oggi.year:
        raise RegolaViolata(
            f"L'ultimo anno di lavoro va dal {PRIMO_ANNO} al {oggi.year}.", campo="ultimo_anno", regola="P2"
        )
    if nota.durata_mesi is not None and not 0 <= nota.durata_mesi <= DURATA_MASSIMA_ANNI * 12:
        raise RegolaViolata(
            f"La durata dell'esperienza va da 0 a {DURATA_MASSIMA_ANNI} anni.", campo="durata_anni", regola="P2"
        )


def _registra(azione: Azione, propensione: Propensione, attore: Operatore, **altro: Any) -> None:
    """One line that says which propensione, never its note."""
    professione = propensione.professione
    dettaglio = {"posto": propensione.posto, "professione": professione.titolo, "codice": professione.codice, **altro}
    registra(azione, attore=attore, oggetto=propensione, utente=propensione.utente, dettaglio=dettaglio)
