"""Citizenships as people say them, and which ones ask for a document of stay (U5)."""

from __future__ import annotations

from orientamento.comune.piega import piega_testo

DELL_UNIONE = (
    "Italiana", "Austriaca", "Belga", "Bulgara", "Ceca", "Cipriota", "Croata", "Danese", "Estone", "Finlandese",
    "Francese", "Greca", "Irlandese", "Lettone", "Lituana", "Lussemburghese", "Maltese", "Olandese", "Polacca",
    "Portoghese", "Romena", "Slovacca", "Slovena", "Spagnola", "Svedese", "Tedesca", "Ungherese",
)  # fmt: skip

# Not of the Union, but free to stay as if they were.
EQUIPARATE = ("Islandese", "Norvegese", "Liechtensteiniana", "Svizzera", "Sammarinese")

FUORI_DALL_UNIONE = (
    "Afghana", "Albanese", "Algerina", "Angolana", "Argentina", "Armena", "Australiana", "Azera", "Bangladese",
    "Beninese", "Bielorussa", "Boliviana", "Bosniaca", "Brasiliana", "Britannica", "Burkinabé", "Burundese",
    "Camerunese", "Canadese", "Capoverdiana", "Ciadiana", "Cilena", "Cinese", "Colombiana", "Congolese", "Cubana",
    "Dominicana", "Ecuadoriana", "Egiziana", "Eritrea", "Etiope", "Filippina", "Gambiana", "Georgiana", "Ghanese",
    "Giapponese", "Giordana", "Guineana", "Honduregna", "Indiana", "Indonesiana", "Irachena", "Iraniana", "Israeliana",
    "Ivoriana", "Kazaka", "Keniota", "Kirghisa", "Kosovara", "Libanese", "Liberiana", "Libica", "Macedone", "Maliana",
    "Marocchina", "Mauriziana", "Mauritana", "Messicana", "Moldava", "Mongola", "Montenegrina", "Mozambicana",
    "Nepalese", "Nicaraguense", "Nigeriana", "Nigerina", "Pakistana", "Palestinese", "Paraguaiana", "Peruviana",
    "Ruandese", "Russa", "Salvadoregna", "Senegalese", "Serba", "Sierraleonese", "Siriana", "Somala", "Srilankese",
    "Statunitense", "Sudafricana", "Sudanese", "Tagika", "Tailandese", "Tanzaniana", "Togolese", "Tunisina", "Turca",
    "Ucraina", "Ugandese", "Uruguaiana", "Uzbeka", "Venezuelana", "Vietnamita", "Yemenita", "Zambiana", "Apolide",
)  # fmt: skip

# What one also writes: the masculine, the state, another form in use.
ALTRI_NOMI = {
    "Rumena": "Romena", "Rumeno": "Romena", "Romeno": "Romena", "Romania": "Romena", "Italia": "Italiana",
    "Neerlandese": "Olandese", "Inglese": "Britannica", "Regno Unito": "Britannica", "Americana": "Statunitense",
    "Stati Uniti": "Statunitense", "Bengalese": "Bangladese", "Bangladesh": "Bangladese", "Cingalese": "Srilankese",
    "Sri Lanka": "Srilankese", "Thailandese": "Tailandese", "Nord Macedone": "Macedone", "Marocco": "Marocchina",
    "Albania": "Albanese", "Ucraino": "Ucraina", "Cina": "Cinese", "Perù": "Peruviana", "Pakistan": "Pakistana",
    "Nigeria": "Nigeriana", "Senegal": "Senegalese", "Polonia": "Polacca", "Germania": "Tedesca", "Francia": "Francese",
    "Spagna": "Spagnola", "Tunisia": "Tunisina", "Egitto": "Egiziana", "India": "Indiana", "Filippine": "Filippina",
    "Moldavia": "Moldava", "Svizzero": "Svizzera", "Costa d'Avorio": "Ivoriana", "Maliense": "Maliana",
    "Gambia": "Gambiana", "Brasile": "Brasiliana", "Ecuador": "Ecuadoriana", "Apolide": "Apolide",
}  # fmt: skip


def _indice() -> dict[str, str]:
    nomi = {piega_testo(nome): nome for nome in (*DELL_UNIONE, *EQUIPARATE, *FUORI_DALL_UNIONE)}
    maschili = {piega_testo(nome[:-1] + "o"): nome for nome in nomi.values() if nome.endswith("a")}
    return {**maschili, **nomi, **{piega_testo(altro): nome for altro, nome in ALTRI_NOMI.items()}}


_INDICE = _indice()
_EXTRA_UE = frozenset(FUORI_DALL_UNIONE)


def elenco() -> list[tuple[str, bool]]:
    """Every citizenship to choose from, with whether it asks for a document of stay; the Italian one first."""
    altre = sorted((*DELL_UNIONE[1:], *EQUIPARATE, *FUORI_DALL_UNIONE))
    return [(nome, nome in _EXTRA_UE) for nome in (DELL_UNIONE[0], *altre)]


def riconosci(testo: str) -> str:
    """The citizenship as the list writes it; what is not in the list stays as it was typed."""
    return _INDICE.get(piega_testo(testo), testo.strip())


def chiede_documento(testo: str) -> bool | None:
    """Whether citizens of it need a document of stay; None when the list does not know it."""
    nome = _INDICE.get(piega_testo(testo))
    return None if nome is None else nome in _EXTRA_UE
