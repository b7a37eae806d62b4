"""The SkillsPassport, Europass's format from 2012 to 2020 (version 3)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from curriculum.importazione import voci
from curriculum.importazione.albero import figli, figlio, testo
from curriculum.importazione.dati import Scheda
from curriculum.importazione.lingue import nome_della_lingua
from curriculum.importazione.periodi import Periodo, data_di_attributi

# Section of the skills → kind of skill in the file
GENERI = (
    ("JobRelated", "tecnica"),
    ("Computer", "digitale"),
    ("Communication", "trasversale"),
    ("Organisational", "trasversale"),
    ("Other", "tecnica"),
)
GRIGLIA = {
    "ascolto": "Listening",
    "lettura": "Reading",
    "interazione": "SpokenInteraction",
    "produzione": "SpokenProduction",
    "scritto": "Writing",
}


def leggi(radice: Element) -> Scheda:
    """What a SkillsPassport says."""
    scheda = Scheda()
    chi = figlio(radice, "LearnerInfo")
    _persona(scheda, figlio(chi, "Identification"))
    for lavoro in figli(chi, "WorkExperienceList", "WorkExperience"):
        voci.esperienza(
            scheda,
            mansione=testo(lavoro, "Position", "Label"),
            datore=testo(lavoro, "Employer", "Name"),
            luogo=testo(lavoro, "Employer", "ContactInfo", "Address", "Contact", "Municipality"),
            periodo=_periodo(lavoro),
            attivita=testo(lavoro, "Activities"),
        )
    for studio in figli(chi, "EducationList", "Education"):
        periodo = _periodo(studio)
        voci.titolo(
            scheda,
            descrizione=testo(studio, "Title"),
            istituto=testo(studio, "Organisation", "Name"),
            paese=testo(studio, "Organisation", "ContactInfo", "Address", "Contact", "Country", "Code"),
            periodo=periodo,
            eqf=testo(studio, "Level", "Code"),
            in_corso=periodo.in_corso,
        )
    _capacita(scheda, figlio(chi, "Skills"))
    for altro in figli(chi, "AchievementList", "Achievement"):
        voci.resto(scheda, testo(altro, "Title", "Label") or "Altro", [testo(altro, "Description")])
    voci.resto(scheda, "Presentazione", [testo(chi, "Headline", "Description", "Label")])
    return scheda


def _persona(scheda: Scheda, identita: Element | None) -> None:
    recapiti = figlio(identita, "ContactInfo")
    numeri = {
        testo(t, "Use", "Code").lower() or "altro": testo(t, "Contact")
        for t in figli(recapiti, "TelephoneList", "Telephone")
    }
    mobile = numeri.pop("mobile", "")
    nascita = data_di_attributi(figlio(identita, "Demographics", "Birthdate"))
    scheda.persona = {
        "nome": testo(identita, "PersonName", "FirstName"),
        "cognome": testo(identita, "PersonName", "Surname"),
        "data_nascita": nascita.scritta() if nascita.giorno else "",
        "email": testo(recapiti, "Email", "Contact"),
        "cellulare": mobile,
        "telefono": next(iter(numeri.values()), ""),
        "domicilio_indirizzo": testo(recapiti, "Address", "Contact", "AddressLine"),
        "domicilio_comune": testo(recapiti, "Address", "Contact", "Municipality"),
    }


def _periodo(elemento: Element) -> Periodo:
    corso = testo(elemento, "Period", "Current").lower() == "true"
    dal, al = (data_di_attributi(figlio(elemento, "Period", quale)) for quale in ("From", "To"))
    return Periodo(dal, al, corso)


def _capacita(scheda: Scheda, capacita: Element | None) -> None:
    linguistiche = figlio(capacita, "Linguistic")
    for madre in figli(linguistiche, "MotherTongueList", "MotherTongue"):
        voci.madrelingua(scheda, _nome(madre))
    for straniera in figli(linguistiche, "ForeignLanguageList", "ForeignLanguage"):
        livelli = {nostro: testo(straniera, "ProficiencyLevel", loro) for nostro, loro in GRIGLIA.items()}
        voci.lingua(scheda, _nome(straniera), livelli=livelli)
    for sezione, genere in GENERI:
        voci.competenze_da_testo(scheda, genere, testo(capacita, sezione, "Description"))
    voci.patenti(scheda, [testo(p) for p in figli(capacita, "Driving", "Description", "Licence")])


def _nome(lingua: Element) -> str:
    codice, etichetta = testo(lingua, "Description", "Code"), testo(lingua, "Description", "Label")
    return nome_della_lingua(codice, etichetta) if codice or etichetta else ""
