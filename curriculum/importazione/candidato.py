"""The Candidate, Europass's format since 2020, made of elements of the HR open standards."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from curriculum.importazione import voci
from curriculum.importazione.albero import figli, figlio, testo
from curriculum.importazione.dati import Scheda
from curriculum.importazione.lingue import nome_della_lingua
from curriculum.importazione.periodi import Data, Periodo, data_iso
from curriculum.importazione.testo import su_una_riga

# Section → element of one skill, kind of skill in the file
CAPACITA = (
    ("CommunicationAndInterpersonalSkills", "CommunicationAndInterpersonalSkill", "trasversale"),
    ("OrganisationalSkills", "OrganisationalSkill", "trasversale"),
    ("ManagementAndLeadershipSkills", "ManagementAndLeadershipSkill", "trasversale"),
)
GRIGLIA = {
    "ascolto": "listening",
    "lettura": "reading",
    "interazione": "interaction",
    "produzione": "speaking-production",
    "scritto": "writing",
}
# Section → element of one entry, what people call it
SENZA_POSTO = (
    ("Certifications", "Certification", "Certificazione"),
    ("CourseCertifications", "CourseCertification", "Corso"),
    ("PublicationHistory", "Publication", "Pubblicazione"),
    ("Projects", "Project", "Progetto"),
    ("VoluntaryWorks", "VoluntaryWork", "Volontariato"),
    ("HobbiesAndInterests", "HobbyOrInterest", "Interesse"),
)


def leggi(radice: Element) -> Scheda:
    """What a Candidate says."""
    scheda = Scheda()
    persona, profilo = figlio(radice, "CandidatePerson"), figlio(radice, "CandidateProfile")
    _persona(scheda, persona)
    for datore in figli(profilo, "EmploymentHistory", "EmployerHistory"):
        for posto in figli(datore, "PositionHistory"):
            voci.esperienza(
                scheda,
                mansione=testo(posto, "PositionTitle"),
                datore=testo(datore, "OrganizationName"),
                luogo=testo(posto, "City") or _dove(datore, "CityName"),
                periodo=_periodo(_il_primo(figlio(posto, "EmploymentPeriod"), figlio(datore, "EmploymentPeriod"))),
                attivita=testo(posto, "Description"),
            )
    for studio in figli(profilo, "EducationHistory", "EducationOrganizationAttendance"):
        periodo = _periodo(figlio(studio, "AttendancePeriod"))
        conferito = _data(figlio(studio, "EducationDegree", "DegreeDate"))
        if conferito.anno:
            periodo.al = conferito
        voci.titolo(
            scheda,
            descrizione=testo(studio, "EducationDegree", "DegreeName") or testo(studio, "ProgramName"),
            istituto=testo(studio, "OrganizationName"),
            paese=_dove(studio, "CountryCode"),
            periodo=periodo,
            eqf=testo(studio, "EducationLevelCode") or testo(studio, "EducationalLevelCode"),
            in_corso=periodo.in_corso,
        )
    _lingue(scheda, persona, profilo)
    _capacita(scheda, profilo)
    voci.patenti(scheda, [testo(p) for p in figli(profilo, "Licenses", "License", "LicenseTypeCode")])
    for sezione, elemento, nome in SENZA_POSTO:
        trovati = figli(profilo, sezione, elemento)
        voci.resto(scheda, nome, [testo(e, "Title") or testo(e, "Name") or testo(e) for e in trovati])
    for altro in figli(profilo, "Others"):
        voci.resto(scheda, testo(altro, "Title") or "Altro", [testo(e, "Title") for e in figli(altro, "Other")])
    voci.resto(scheda, "Presentazione", [testo(profilo, "ExecutiveSummary")])
    return scheda


def _persona(scheda: Scheda, persona: Element | None) -> None:
    nascita = data_iso(testo(persona, "BirthDate"))
    scheda.persona = {
        "nome": testo(persona, "PersonName", "GivenName"),
        "cognome": testo(persona, "PersonName", "FamilyName"),
        "data_nascita": nascita.scritta() if nascita.giorno else "",
        "email": "",
        "cellulare": "",
        "telefono": "",
        "domicilio_indirizzo": "",
        "domicilio_comune": "",
    }
    for canale in figli(persona, "Communication"):
        genere = testo(canale, "ChannelCode").lower()
        if genere == "email":
            _se_manca(scheda, "email", testo(canale, "URI") or testo(canale, "Text"))
        elif genere == "telephone":
            mobile = testo(canale, "UseCode").lower() == "mobile"
            _se_manca(scheda, "cellulare" if mobile else "telefono", _numero(canale))
        elif (indirizzo := figlio(canale, "Address")) is not None:
            _se_manca(scheda, "domicilio_indirizzo", testo(indirizzo, "AddressLine"))
            _se_manca(scheda, "domicilio_comune", testo(indirizzo, "CityName"))


def _se_manca(scheda: Scheda, chiave: str, valore: str) -> None:
    scheda.persona[chiave] = scheda.persona[chiave] or valore


def _numero(canale: Element) -> str:
    prefisso, numero = testo(canale, "CountryDialing").lstrip("+0"), testo(canale, "DialNumber")
    return f"+{prefisso} {numero}" if prefisso and numero else numero


def _dove(elemento: Element, che_cosa: str) -> str:
    trovati = figli(elemento, "OrganizationContact", "Communication", "Address", che_cosa)
    return next((t for t in map(testo, trovati) if t), "")


def _data(elemento: Element | None) -> Data:
    return data_iso(testo(elemento, "FormattedDateTime") or testo(elemento))


def _il_primo(uno: Element | None, altro: Element | None) -> Element | None:
    """The one that is there. An element without children counts as false, so `or` would not do."""
    return altro if uno is None else uno


def _periodo(elemento: Element | None) -> Periodo:
    corso = (testo(elemento, "CurrentIndicator") or testo(elemento, "Ongoing")).lower() == "true"
    return Periodo(_data(figlio(elemento, "StartDate")), _data(figlio(elemento, "EndDate")), corso)


def _lingue(scheda: Scheda, persona: Element | None, profilo: Element | None) -> None:
    for madre in figli(persona, "PrimaryLanguageCode"):
        if testo(madre):
            voci.madrelingua(scheda, nome_della_lingua(testo(madre)))
    for competenza in _competenze(profilo, "language"):
        nome = nome_della_lingua(testo(competenza, "CompetencyID"), testo(competenza, "CompetencyName"))
        if any(v.sezione == "lingue" and v.valori["lingua"] == nome for v in scheda.voci):
            continue  # said already as a mother tongue
        trovati = {
            testo(d, "CompetencyDimensionTypeCode").lower(): testo(d, "Score", "ScoreText")
            for d in figli(competenza, "CompetencyDimension")
        }
        livelli = {
            nostro: next((livello for codice, livello in trovati.items() if loro in codice), "")
            for nostro, loro in GRIGLIA.items()
        }
        voci.lingua(scheda, nome, livelli=livelli)


def _competenze(profilo: Element | None, tassonomia: str) -> Iterator[Element]:
    for competenza in figli(profilo, "PersonQualifications", "PersonCompetency"):
        if testo(competenza, "TaxonomyID").lower() == tassonomia:
            yield competenza


def _capacita(scheda: Scheda, profilo: Element | None) -> None:
    for sezione, elemento, genere in CAPACITA:
        for dove in ((sezione, elemento), ("Skills", sezione, elemento)):
            for capacita in figli(profilo, *dove):
                titolo, descrizione = testo(capacita, "Title"), testo(capacita, "Description")
                if titolo:
                    voci.competenze(scheda, genere, [su_una_riga(titolo)])
                else:
                    voci.competenze_da_testo(scheda, genere, descrizione)
    digitali = [
        *(testo(c, "CompetencyName") for c in _competenze(profilo, "digital_skill")),
        *(testo(c, "CompetencyName") for c in figli(profilo, "Skills", "PersonCompetency")),
        *(testo(c, "CompetencyName") for c in figli(profilo, "Skills", "SkillsGroup", "PersonCompetency")),
        *(testo(c) for c in figli(profilo, "DigitalSkills", "DigitalSkillsGroup", "DigitalSkill")),
        *(testo(c) for c in figli(profilo, "Skills", "DigitalSkills", "DigitalSkillsGroup", "DigitalSkill")),
    ]
    voci.competenze(scheda, "digitale", [su_una_riga(d) for d in digitali if su_una_riga(d)])
