"""Invented persons with formally valid, fictitious codici fiscali: the same seed gives the same persons."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from codicefiscale import codicefiscale

NOMI_FEMMINILI = (
    "Anna Maria Giulia Francesca Sara Chiara Elena Laura Martina Alessandra Valentina Silvia Federica Paola Roberta "
    "Elisa Cristina Monica Ilaria Daniela Barbara Simona Serena Giorgia Beatrice Alice Camilla Claudia Debora Lucia "
    "Noemi Irene Teresa Rosa Carla Fatima Olena Mihaela Blessing Jasmine Aurora Viola Emma Sofia Ginevra Matilde"
).split()
NOMI_MASCHILI = (
    "Marco Luca Andrea Francesco Alessandro Matteo Lorenzo Simone Davide Stefano Paolo Giuseppe Roberto Fabio Antonio "
    "Giovanni Riccardo Daniele Federico Tommaso Gabriele Niccolò Leonardo Filippo Edoardo Massimo Claudio Enrico "
    "Maurizio Sergio Bruno Mohamed Ionel Ahmed Wei Samuel Cosimo Duccio Lapo Dario Emanuele Giacomo Pietro Jacopo"
).split()
COGNOMI = (
    "Rossi Bianchi Conti Mancini Ricci Fabbri Bartolini Innocenti Nardi Pieri Vannucci Lenzi Cecchi Tozzi Landi Poli "
    "Masini Morelli Baldi Bini Papi Sarti Corsi Benelli Galli Marini Giusti Pucci Fanti Lotti Biagi Neri Salvini "
    "Ferrini Barsotti Lippi Cini Monti Parenti Bruni Orlandi Mori Caselli Fusi Ciani Bandini Tesi Gori Nesi Risaliti "
    "Querci Santini Bardi Donati Vettori Guidi Rinaldi Martelli Becherini Cappelli Zini Paoletti Bettini Frosini "
    "D'Angelo D'Amico De_Luca Dell'Acqua Di_Marco El_Amrani Hoxha Popescu Chen Diop Osagie Kovalenko Rodríguez Singh"
).split()
LUOGHI_NASCITA = (
    ("D612", "Firenze"), ("G999", "Prato"), ("G713", "Pistoia"), ("D403", "Empoli"), ("A390", "Arezzo"),
    ("I726", "Siena"), ("G702", "Pisa"), ("E625", "Livorno"), ("E715", "Lucca"), ("E202", "Grosseto"),
    ("F839", "Napoli"), ("G273", "Palermo"), ("H501", "Roma"), ("F205", "Milano"),
)  # fmt: skip
LUOGHI_ESTERI = (
    ("Z330", "Marocco", "Marocchina", True), ("Z100", "Albania", "Albanese", True),
    ("Z129", "Romania", "Romena", False), ("Z210", "Cina", "Cinese", True),
    ("Z335", "Nigeria", "Nigeriana", True), ("Z138", "Ucraina", "Ucraina", True),
    ("Z343", "Senegal", "Senegalese", True),
)  # fmt: skip
VIE = (
    "Via Roma", "Via Garibaldi", "Via Mazzini", "Viale della Repubblica", "Via dei Mille", "Piazza del Mercato",
    "Via Verdi", "Via del Molino", "Via della Stazione", "Borgo San Lorenzo", "Via XX Settembre", "Via Dante",
)  # fmt: skip
MESI = "ABCDEHLMPRST"


@dataclass(frozen=True)
class Domicilio:
    """A town of the office's territory."""

    comune: str
    codice: str
    provincia: str
    cap: str


PRATO = (
    Domicilio("Prato", "G999", "PO", "59100"),
    Domicilio("Montemurlo", "F572", "PO", "59013"),
    Domicilio("Carmignano", "B794", "PO", "59015"),
    Domicilio("Vaiano", "L537", "PO", "59021"),
)
EMPOLI = (
    Domicilio("Empoli", "D403", "FI", "50053"),
    Domicilio("Fucecchio", "D815", "FI", "50054"),
    Domicilio("Vinci", "M059", "FI", "50059"),
    Domicilio("Montelupo Fiorentino", "F551", "FI", "50056"),
)


def persone(
    quante: int, domicili: Sequence[Domicilio], *, seme: int, oggi: dt.date, cognomi: Sequence[str] = COGNOMI
) -> Iterator[dict[str, object]]:
    """`quante` different persons between 18 and 66 years of age on `oggi`, as the fields of `Utente`."""
    caso = random.Random(seme)  # noqa: S311 - invented people need no secrecy
    visti: set[str] = set()
    while len(visti) < quante:
        persona = _persona(caso, caso.choice(cognomi).replace("_", " "), caso.choice(domicili), oggi)
        codice = str(persona["codice_fiscale"])
        if codice not in visti:
            visti.add(codice)
            yield persona


def _persona(caso: random.Random, cognome: str, domicilio: Domicilio, oggi: dt.date) -> dict[str, object]:
    femmina = caso.random() < 0.54
    nome = caso.choice(NOMI_FEMMINILI if femmina else NOMI_MASCHILI)
    if caso.random() < 0.05:
        nome = f"{nome} {caso.choice(NOMI_FEMMINILI if femmina else NOMI_MASCHILI)}"
    nascita = oggi - dt.timedelta(days=caso.randint(18 * 366, 66 * 365))
    codice, luogo, cittadinanza, extra_ue = *caso.choice(LUOGHI_NASCITA), "Italiana", False
    if caso.random() < 0.16:
        codice, luogo, cittadinanza, extra_ue = caso.choice(LUOGHI_ESTERI)
    mail = "".join(c for c in f"{nome}.{cognome}".lower() if c.isascii() and (c.isalpha() or c == "."))
    return {
        "codice_fiscale": codice_fiscale(cognome, nome, femmina, nascita, codice),
        "cognome": cognome,
        "nome": nome,
        "sesso": "F" if femmina else "M",
        "data_nascita": nascita,
        "luogo_nascita": luogo,
        "codice_luogo_nascita": codice,
        "cittadinanza": cittadinanza,
        "extra_ue": extra_ue,
        "domicilio_indirizzo": f"{caso.choice(VIE)} {caso.randint(1, 180)}",
        "domicilio_comune": domicilio.comune,
        "domicilio_codice_comune": domicilio.codice,
        "domicilio_provincia": domicilio.provincia,
        "domicilio_cap": domicilio.cap,
        "cellulare": f"320 {caso.randint(1000000, 9999999)}",
        "email": f"{mail}{caso.randint(1, 999)}@esempio.invalid",
    }


def codice_fiscale(cognome: str, nome: str, femmina: bool, nascita: dt.date, luogo: str) -> str:
    """The codice fiscale of these data; the parts that repeat are remembered, because loads make a hundred thousand."""
    giorno = nascita.day + (40 if femmina else 0)
    parte = f"{_cognome(cognome)}{_nome(nome)}{nascita:%y}{MESI[nascita.month - 1]}{giorno:02d}{luogo}"
    return parte + codicefiscale.encode_cin(parte)


@cache
def _cognome(cognome: str) -> str:
    return codicefiscale.encode_lastname(cognome)


@cache
def _nome(nome: str) -> str:
    return codicefiscale.encode_firstname(nome)
