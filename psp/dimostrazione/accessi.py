"""The offices and the logins of the demonstration: one per role, with a password that only the trial knows."""

from __future__ import annotations

from dataclasses import dataclass

from orientamento.anagrafica.models import CPI, Operatore, Ruolo

PASSWORD = "Orientamento-2026"  # noqa: S105 - of the trial only; production refuses to load it

PRIMO_CPI = "Prato"
SECONDO_CPI = "Empoli"


@dataclass(frozen=True)
class Accesso:
    """A login of the demonstration, and what it is for."""

    username: str
    nome: str
    cognome: str
    ruolo: Ruolo
    comune: str | None
    spiegazione: str


ACCESSI = (
    Accesso("operatore", "Laura", "Verdi", Ruolo.OPERATORE, PRIMO_CPI, "Operatrice del centro di Prato"),
    Accesso("collega", "Paolo", "Neri", Ruolo.OPERATORE, PRIMO_CPI, "Collega dello stesso centro"),
    Accesso("responsabile", "Carla", "Bartoli", Ruolo.RESPONSABILE, PRIMO_CPI, "Responsabile: revisiona i patti"),
    Accesso("incrocio", "Stefano", "Lenzi", Ruolo.INCROCIO, PRIMO_CPI, "Incrocio tra domanda e offerta"),
    Accesso("estraneo", "Giulia", "Moretti", Ruolo.OPERATORE, SECONDO_CPI, "Operatrice di un altro centro, Empoli"),
    Accesso("amministratore", "Marta", "Guidi", Ruolo.AMMINISTRATORE, None, "Centri, accessi e tabelle"),
)

# Reviews the pacts of the second office; nobody logs in as this person.
SENZA_ACCESSO = Accesso("responsabile.empoli", "Renzo", "Tozzi", Ruolo.RESPONSABILE, SECONDO_CPI, "")


def crea_accessi() -> dict[str, Operatore]:
    """The accounts by username, created where they are missing."""
    persone = {a.username: _crea(a) for a in (*ACCESSI, SENZA_ACCESSO)}
    persone[SENZA_ACCESSO.username].set_unusable_password()
    persone[SENZA_ACCESSO.username].save(update_fields=["password"])
    return persone


def _crea(accesso: Accesso) -> Operatore:
    presente = Operatore.objects.filter(username=accesso.username).first()
    if presente:
        return presente
    return Operatore.objects.create_user(
        username=accesso.username,
        password=PASSWORD,
        first_name=accesso.nome,
        last_name=accesso.cognome,
        ruolo=accesso.ruolo,
        cpi=CPI.objects.get(comune=accesso.comune) if accesso.comune else None,
    )
