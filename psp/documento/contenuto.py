"""Step 1: the content of the pact as plain data, read once from the live rows and then frozen (T1, T2).

What comes out is what a person reads: every value is text as printed, so nothing has to be looked up later. `rif` keys
only serve to recognise the same act or measure in two contents. Judgements, notes of the ten areas and special data
never enter: the citizen signs this paper.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F
from django.utils import timezone

from orientamento.anagrafica.models import DID, AltreInformazioni, Consenso, Finalita, LinguaConosciuta, Utente
from propensioni.services.lettura import propensioni_di
from psp.documento.testo import giorno, indirizzo, mesi, minuscola, numero, ore, periodo, pulito, riga
from psp.models import AttoRicerca, Misura, PattoDiServizio, Profilazione
from psp.services.catalogo import codice_del_giorno, con_codice

SCHEMA = 1
ENTE = "Agenzia regionale toscana per l'impiego (ARTI)"
ESPERIENZE_STAMPATE = 6
TITOLI_STAMPATI = 6

GRUPPI = (
    (AttoRicerca.Tipo.CPI, "Servizi del centro per l'impiego"),
    (AttoRicerca.Tipo.RETE, "Servizi di altri soggetti della rete"),
    (AttoRicerca.Tipo.UTENTE, "Azioni della persona"),
)

_RELAZIONI = ("utente__cpi", "colloquio", "did__programma", "autore", "responsabile_attivita")


def contenuto_del_patto(patto: PattoDiServizio, *, adesso: dt.datetime) -> dict[str, Any]:
    """The content of `patto` at the instant `adesso`: a dictionary that JSON carries without loss."""
    patto = PattoDiServizio.objects.select_related(*_RELAZIONI).get(pk=patto.pk)
    utente = patto.utente
    al = timezone.localdate(adesso)
    return {
        "schema": SCHEMA,
        "numero": {"anno": timezone.localdate(patto.creato_il).year, "progressivo": patto.pk},
        "redatto_il": giorno(al),
        "centro": _centro(patto),
        "persona": _persona(utente),
        "operatore": riga(str(patto.autore)),
        "responsabile": riga(str(patto.responsabile_attivita)) if patto.responsabile_attivita else "",
        "did": _did(patto),
        "validita": {"dal": giorno(patto.valido_dal), "al": giorno(patto.valido_al)},
        "colloquio": _incontri(patto),
        "profilo": _profilo(utente, al),
        "propensioni": _propensioni(utente),
        "piano": _piano(patto),
        "misure": _misure(patto, al),
        "impegni": _impegni(patto),
        "informativa": _informativa(utente),
    }


def _centro(patto: PattoDiServizio) -> dict[str, str]:
    cpi = patto.utente.cpi
    return {
        "ente": ENTE,
        "nome": riga(cpi.nome),
        "comune": riga(cpi.comune),
        "indirizzo": ", ".join(parte for parte in (riga(cpi.indirizzo), riga(cpi.comune)) if parte),
        "telefono": riga(cpi.telefono),
        "email": riga(cpi.email),
        "pec": riga(cpi.pec),
    }


def _persona(utente: Utente) -> dict[str, Any]:
    residenza = indirizzo(
        utente.residenza_indirizzo, utente.residenza_cap, utente.residenza_comune, utente.residenza_provincia
    )
    domicilio = indirizzo(
        utente.domicilio_indirizzo, utente.domicilio_cap, utente.domicilio_comune, utente.domicilio_provincia
    )
    recapiti = (
        ("Telefono", utente.telefono),
        ("Cellulare", utente.cellulare),
        ("Posta elettronica", utente.email),
        ("PEC", utente.pec),
    )
    return {
        "cognome": riga(utente.cognome),
        "nome": riga(utente.nome),
        "codice_fiscale": utente.codice_fiscale,
        "nascita": ", ".join(parte for parte in (giorno(utente.data_nascita), riga(utente.luogo_nascita)) if parte),
        "cittadinanza": riga(utente.cittadinanza),
        "domicilio": domicilio,
        "residenza": "" if residenza == domicilio else residenza,
        "recapiti": [{"tipo": tipo, "valore": riga(valore)} for tipo, valore in recapiti if riga(valore)],
    }


def _did(patto: PattoDiServizio) -> dict[str, str] | None:
    """The declaration the pact rests on; a draft not yet tied to one shows the one in force."""
    did = patto.did or DID.objects.di(patto.utente)
    if did is None:
        return None
    return {"data": giorno(did.data), "programma": riga(str(did.programma)), "termine": giorno(did.termine_patto)}


def _incontri(patto: PattoDiServizio) -> list[str]:
    return [giorno(data) for data in sorted(set(patto.colloquio.appuntamenti.values_list("data", flat=True)))]


def _profilo(utente: Utente, al: dt.date) -> dict[str, Any]:
    esperienze = list(utente.esperienze.order_by(F("al").desc(nulls_first=True), "-dal", "pk"))
    titoli = list(utente.titoli.all())
    return {
        "profilazione": _profilazione(utente, al),
        "titoli": [
            {"descrizione": riga(t.descrizione), "livello": t.get_livello_display(), "dettaglio": _dettaglio_titolo(t)}
            for t in titoli[:TITOLI_STAMPATI]
        ],
        "altri_titoli": max(0, len(titoli) - TITOLI_STAMPATI),
        "esperienze": [
            {
                "mansione": riga(e.mansione),
                "dove": ", ".join(parte for parte in (riga(e.datore), riga(e.luogo)) if parte),
                "periodo": mesi(e.dal, e.al),
            }
            for e in esperienze[:ESPERIENZE_STAMPATE]
        ],
        "altre_esperienze": max(0, len(esperienze) - ESPERIENZE_STAMPATE),
        "lingue": [_lingua(lingua) for lingua in utente.lingue.all()],
        "abilitazioni": _abilitazioni(utente),
    }


def _profilazione(utente: Utente, al: dt.date) -> dict[str, str] | None:
    profilo = Profilazione.objects.filter(utente=utente, data__lte=al).first()
    if profilo is None:
        return None
    return {
        "metodo": riga(profilo.metodo),
        "data": giorno(profilo.data),
        "valore": numero(profilo.valore) if profilo.valore is not None else "",
        "classe": riga(profilo.classe),
    }


def _dettaglio_titolo(titolo: Any) -> str:
    parti = [riga(titolo.istituto)]
    if not titolo.conseguito:
        parti.append("non conseguito")
    elif titolo.anno:
        parti.append(f"conseguito nel {titolo.anno}")
    if titolo.estero:
        parti.append("titolo estero riconosciuto in Italia" if titolo.riconosciuto else "titolo estero")
    return ", ".join(parte for parte in parti if parte)


def _lingua(lingua: LinguaConosciuta) -> str:
    if lingua.madrelingua:
        return f"{riga(lingua.lingua)} (madrelingua)"
    livelli = (
        ("comprensione", lingua.comprensione),
        ("parlato", lingua.parlato),
        ("scritto", lingua.scritto),
    )
    detti = [f"{nome} {livello}" for nome, livello in livelli if livello]
    return f"{riga(lingua.lingua)} ({', '.join(detti)})" if detti else riga(lingua.lingua)


def _abilitazioni(utente: Utente) -> list[str]:
    altro = AltreInformazioni.objects.filter(utente=utente).first()
    if altro is None:
        return []
    patentini = [minuscola(AltreInformazioni.Patentino(p).label) for p in altro.patentini]
    voci = (
        ("patenti di guida", ", ".join(_patente(p) for p in altro.patenti)),
        ("patentini", ", ".join(patentini)),
        ("albi e registri", riga(altro.albi)),
        ("spostamenti", minuscola(altro.get_trasferta_display()) if altro.trasferta else ""),
        ("automobile propria", "sì" if altro.automunito else ""),
    )
    return [f"{nome}: {valore}" for nome, valore in voci if valore]


def _patente(chiave: str) -> str:
    """The short name of a licence: B, or CQC trasporto di merci."""
    return chiave if "_" not in chiave else AltreInformazioni.Patente(chiave).label.replace(" – ", " ")


def _propensioni(utente: Utente) -> list[dict[str, Any]]:
    """Read through the door of the propensioni app; dates may come as dates or already as text."""
    voci = sorted(propensioni_di(utente), key=lambda voce: voce["posto"])
    return [
        {
            "rif": str(voce["id"]),
            "professione": riga(str(voce["professione"])),
            "codice": riga(str(voce["codice"])),
            "provenienze": [minuscola(riga(str(parola))) for parola in voce["provenienze"]],
            "intervista": data if isinstance(data := voce["data_intervista"], str) else giorno(data),
            "sep": riga(str(voce.get("sep") or "")),
            "nota": pulito(voce["nota_testo"]),
        }
        for voce in voci
    ]


def _piano(patto: PattoDiServizio) -> list[dict[str, Any]]:
    """The three groups, always all three: an empty one is said on paper (M1)."""
    atti = list(patto.atti.all())
    chi = {
        AttoRicerca.Tipo.CPI: riga(patto.cpi.nome),
        AttoRicerca.Tipo.RETE: "",
        AttoRicerca.Tipo.UTENTE: "La persona",
    }
    return [
        {
            "tipo": tipo.value,
            "titolo": titolo,
            "atti": [
                {
                    "rif": str(atto.pk),
                    "che_cosa": riga(atto.descrizione),
                    "chi": riga(atto.soggetto) or chi[tipo],
                    "quando": _quando(atto),
                    "prova": riga(atto.prova),
                }
                for atto in atti
                if atto.tipo == tipo
            ],
        }
        for tipo, titolo in GRUPPI
    ]


def _quando(atto: AttoRicerca) -> str:
    frequenza = atto.get_frequenza_display() if atto.frequenza else ""
    if frequenza and atto.entro_il:
        return f"{frequenza}, fino al {giorno(atto.entro_il)}"
    return frequenza or (f"Entro il {giorno(atto.entro_il)}" if atto.entro_il else "")


def _misure(patto: PattoDiServizio, al: dt.date) -> list[dict[str, str]]:
    """The measures that the parties agree; a refused one is no part of the pact. No code is invented (M2)."""
    misure = (
        patto.misure.exclude(stato=Misura.Stato.RIFIUTATA)
        .select_related("servizio")
        .prefetch_related(con_codice(al, "servizio__"))
        .order_by(F("inizio_previsto").asc(nulls_last=True), "pk")
    )
    return [
        {
            "rif": m.servizio.chiave,
            "nome": riga(m.servizio.nome),
            "codice": codice_del_giorno(m.servizio),
            "modo": minuscola(m.servizio.get_modo_display()),
            "stato": m.get_stato_display() if m.stato != Misura.Stato.CONCORDATA else "",
            "periodo": periodo(m.inizio_previsto, m.fine_prevista),
            "durata": ore(m.ore_previste),
            "note": riga(m.note),
        }
        for m in misure
    ]


def _impegni(patto: PattoDiServizio) -> dict[str, Any]:
    return {
        "disponibilita": {
            "laboratori": patto.get_disponibilita_laboratori_display() if patto.disponibilita_laboratori else "",
            "formazione": patto.get_disponibilita_formazione_display() if patto.disponibilita_formazione else "",
            "offerte": patto.get_disponibilita_offerte_display() if patto.disponibilita_offerte else "",
        },
        "frequenza_contatti": patto.get_frequenza_contatti_display() if patto.frequenza_contatti else "",
        "modo_contatti": riga(patto.modo_contatti),
        "prova_ricerca": pulito(patto.prova_ricerca),
    }


def _informativa(utente: Utente) -> dict[str, Any] | None:
    """The version of the privacy notice handed over, and the answer to the matching of demand and offer."""
    presa = utente.prese_in_carico.select_related("informativa").order_by("-data", "-pk").first()
    if presa is None:
        return None
    consenso = (
        Consenso.objects.filter(utente=utente, finalita=Finalita.INCONTRO).order_by("-registrato_il", "-pk").first()
    )
    return {
        "titolo": riga(presa.informativa.titolo),
        "versione": str(presa.informativa.versione),
        "consegnata_il": giorno(presa.data),
        "consenso_incontro": "" if consenso is None else ("dato" if consenso.in_vigore else "non dato"),
    }
