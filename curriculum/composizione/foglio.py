"""The sheet for the citizen: how to cancel the CV on the portal (V5). What was done here, what is left to do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from curriculum.models import Curriculum, LuogoCurriculum, Operazione, Trasferimento
from curriculum.services.luoghi import Quadro, luoghi_di
from orientamento.anagrafica.models import CPI, Utente
from orientamento.comune.testo import riga


def contenuto_del_foglio(utente: Utente, *, adesso: dt.datetime) -> dict[str, Any]:
    """Plain data in words. `caso` is mai, tolto or resta: what the portal has of this CV, as far as is known."""
    giorno = timezone.localdate(adesso)
    quadro = luoghi_di(utente, giorno=giorno)
    centro = utente.cpi
    return {
        "persona": riga(f"{utente.nome} {utente.cognome}"),
        "caso": _caso(utente, quadro),
        "luoghi": [
            {"nome": luogo.nome, "stato": luogo.stato, "come": " ".join(p for p in (luogo.come, luogo.nota) if p)}
            for luogo in quadro.luoghi
        ],
        "cancellati": [f"{c.caricato_il:%d/%m/%Y}" for c in _cancellati(utente)],
        "giorno": f"{giorno:%d/%m/%Y}",
        "centro": {
            "nome": riga(centro.nome),
            "contatti": _contatti(centro),
        },
    }


def _contatti(centro: CPI) -> list[str]:
    """Where the office is and how to reach it, as far as is known."""
    indirizzo = f"{riga(centro.indirizzo)}, {riga(centro.comune)}" if centro.indirizzo else ""
    telefono = f"tel. {riga(centro.telefono)}" if centro.telefono else ""
    return [c for c in (indirizzo, telefono, riga(centro.email)) if c]


def _cancellati(utente: Utente) -> list[Curriculum]:
    ultimi = Curriculum.objects.filter(utente=utente, stato=Curriculum.Stato.CANCELLATO)[:3]
    for curriculum in ultimi:
        curriculum.caricato_il = timezone.localtime(curriculum.caricato_il)
    return list(ultimi)


def _caso(utente: Utente, quadro: Quadro) -> str:
    sul_portale = quadro.posizione.get("portale", LuogoCurriculum.IGNOTO)
    partiti = Trasferimento.objects.filter(utente=utente, operazione=Operazione.INVIO, tentativi__gt=0)
    if sul_portale == LuogoCurriculum.IGNOTO and not partiti.exists():
        return "mai"
    return "tolto" if sul_portale == LuogoCurriculum.ASSENTE and not quadro.in_movimento else "resta"
