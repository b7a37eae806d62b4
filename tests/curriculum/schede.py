"""Invented sheets for the tests of the import: the two generations of Europass, whole, and what must be refused."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import AttachedFileSpec

SPAZI = (
    'xmlns="http://www.europass.eu/1.0" xmlns:oa="http://www.openapplications.org/oagis/9" '
    'xmlns:eures="http://www.europass_eures.eu/1.0" xmlns:hr="http://www.hr-xml.org/3"'
)


def candidato(profilo: str, persona: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Candidate {SPAZI}>'
        f"<CandidatePerson>{persona}</CandidatePerson>"
        f'<CandidateProfile languageCode="it">{profilo}</CandidateProfile></Candidate>'
    ).encode()


PERSONA = """
<PersonName><oa:GivenName>Agnese</oa:GivenName><hr:FamilyName>Tarlazzi</hr:FamilyName></PersonName>
<Communication><ChannelCode>Email</ChannelCode><oa:URI>agnese.tarlazzi@posta.example</oa:URI></Communication>
<Communication><ChannelCode>Telephone</ChannelCode><UseCode>mobile</UseCode><CountryDialing>39</CountryDialing>
<oa:DialNumber>3331234567</oa:DialNumber></Communication>
<Communication><UseCode>home</UseCode><Address type="home"><oa:AddressLine>Via dei Mulini 3</oa:AddressLine>
<oa:CityName>Prato</oa:CityName></Address></Communication>
<hr:BirthDate>1988-04-09</hr:BirthDate><PrimaryLanguageCode name="NORMAL">ita</PrimaryLanguageCode>
"""

PROFILO = """
<hr:ExecutiveSummary>&lt;p&gt;Sarta con &lt;b&gt;dieci anni&lt;/b&gt; di mestiere.&lt;/p&gt;</hr:ExecutiveSummary>
<EmploymentHistory>
 <EmployerHistory><hr:OrganizationName>Confezioni Bellandi</hr:OrganizationName>
  <OrganizationContact><Communication><Address><oa:CityName>Montemurlo</oa:CityName></Address></Communication>
  </OrganizationContact>
  <PositionHistory><PositionTitle typeCode="FREETEXT">Sarta confezionista</PositionTitle>
   <eures:EmploymentPeriod><eures:StartDate><hr:FormattedDateTime>2019-03</hr:FormattedDateTime></eures:StartDate>
   <hr:CurrentIndicator>true</hr:CurrentIndicator></eures:EmploymentPeriod>
   <oa:Description>&lt;p&gt;Ogni giorno:&lt;/p&gt;
   &lt;ul&gt;&lt;li&gt;cuciture lineari&lt;/li&gt;&lt;li&gt;asole&lt;/li&gt;&lt;/ul&gt;</oa:Description>
  </PositionHistory></EmployerHistory>
 <EmployerHistory><hr:OrganizationName>Maglificio Arno</hr:OrganizationName>
  <PositionHistory><PositionTitle>Addetta al controllo qualità</PositionTitle>
   <eures:EmploymentPeriod><eures:StartDate><hr:FormattedDateTime>2014</hr:FormattedDateTime></eures:StartDate>
   <eures:EndDate><hr:FormattedDateTime>2018-11-30</hr:FormattedDateTime></eures:EndDate>
   <hr:CurrentIndicator>false</hr:CurrentIndicator></eures:EmploymentPeriod><City>Prato</City>
  </PositionHistory></EmployerHistory>
</EmploymentHistory>
<EducationHistory>
 <EducationOrganizationAttendance><hr:OrganizationName>Istituto Datini</hr:OrganizationName>
  <OrganizationContact><Communication><Address><CountryCode>it</CountryCode></Address></Communication>
  </OrganizationContact>
  <AttendancePeriod><EndDate><hr:FormattedDateTime>2006-07-10</hr:FormattedDateTime></EndDate><Ongoing>false</Ongoing>
  </AttendancePeriod>
  <EducationDegree><hr:DegreeName>Attestato di qualifica in moda</hr:DegreeName></EducationDegree>
  <EducationLevelCode>3</EducationLevelCode></EducationOrganizationAttendance>
 <EducationOrganizationAttendance><hr:OrganizationName>Lycée Monge</hr:OrganizationName>
  <OrganizationContact><Communication><Address><CountryCode>fr</CountryCode></Address></Communication>
  </OrganizationContact><AttendancePeriod><Ongoing>true</Ongoing></AttendancePeriod>
  <EducationDegree><hr:DegreeName>Baccalauréat</hr:DegreeName></EducationDegree>
  <EducationLevelCode>4</EducationLevelCode></EducationOrganizationAttendance>
</EducationHistory>
<eures:Licenses><eures:License><hr:LicenseTypeCode>B</hr:LicenseTypeCode></eures:License>
<eures:License><hr:LicenseTypeCode>C1</hr:LicenseTypeCode></eures:License></eures:Licenses>
<PersonQualifications><PersonCompetency><CompetencyID schemeName="NORMAL">fra</CompetencyID>
<hr:TaxonomyID>language</hr:TaxonomyID>
<eures:CompetencyDimension><hr:CompetencyDimensionTypeCode>CEF-Understanding-Listening</hr:CompetencyDimensionTypeCode>
<eures:Score><hr:ScoreText>B2</hr:ScoreText></eures:Score></eures:CompetencyDimension>
<eures:CompetencyDimension><hr:CompetencyDimensionTypeCode>CEF-Understanding-Reading</hr:CompetencyDimensionTypeCode>
<eures:Score><hr:ScoreText>B1</hr:ScoreText></eures:Score></eures:CompetencyDimension>
<eures:CompetencyDimension><hr:CompetencyDimensionTypeCode>CEF-Writing-Production</hr:CompetencyDimensionTypeCode>
<eures:Score><hr:ScoreText>A2</hr:ScoreText></eures:Score></eures:CompetencyDimension>
</PersonCompetency></PersonQualifications>
<Skills><SkillsGroup><Title>Programmi</Title><PersonCompetency><hr:TaxonomyID>Digital_Skill</hr:TaxonomyID>
<hr:CompetencyName>Modellazione CAD per la moda</hr:CompetencyName></PersonCompetency></SkillsGroup></Skills>
<OrganisationalSkills><OrganisationalSkill><Title>Organizzazione del banco</Title></OrganisationalSkill>
</OrganisationalSkills>
<Others><Title>Corsi</Title><Other><Title>Sicurezza sul lavoro</Title></Other></Others>
"""

CANDIDATO = candidato(PROFILO, PERSONA)

PASSAPORTO = b"""<?xml version="1.0" encoding="UTF-8"?>
<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass" locale="it"><DocumentInfo>
<DocumentType>ECV</DocumentType></DocumentInfo><LearnerInfo><Identification>
<PersonName><FirstName>Ettore</FirstName><Surname>Quaranta</Surname></PersonName>
<ContactInfo><Address><Contact><AddressLine>Via Lunga 12</AddressLine><Municipality>Empoli</Municipality></Contact>
</Address><Email><Contact>ettore.quaranta@posta.example</Contact></Email>
<TelephoneList><Telephone><Contact>055 1234567</Contact><Use><Code>home</Code></Use></Telephone>
<Telephone><Contact>347 7654321</Contact><Use><Code>mobile</Code></Use></Telephone></TelephoneList></ContactInfo>
<Demographics><Birthdate year="1979" month="--12" day="---02"/></Demographics></Identification>
<Headline><Description><Label>Magazziniere</Label></Description></Headline>
<WorkExperienceList><WorkExperience><Period><From year="2008" month="--03"/><To year="2015" month="--09" day="---15"/>
</Period><Position><Label>Magazziniere</Label></Position>
<Activities>&lt;p&gt;Carico e scarico;&lt;br/&gt;inventario&lt;/p&gt;</Activities><Employer><Name>Logistica Elsa</Name>
<ContactInfo><Address><Contact><Municipality>Certaldo</Municipality></Contact></Address></ContactInfo></Employer>
</WorkExperience></WorkExperienceList>
<EducationList><Education><Period><From year="1993"/><To year="1998" month="--07"/></Period>
<Title>Diploma di perito meccanico</Title><Organisation><Name>Istituto Ferraris</Name></Organisation>
<Level><Code>4</Code></Level></Education></EducationList>
<Skills><Linguistic><MotherTongueList><MotherTongue><Description><Code>it</Code><Label>italiano</Label></Description>
</MotherTongue></MotherTongueList><ForeignLanguageList><ForeignLanguage><Description><Code>en</Code>
<Label>inglese</Label></Description><ProficiencyLevel><Listening>A2</Listening><Reading>A2</Reading>
<SpokenInteraction>A1</SpokenInteraction><SpokenProduction>A1</SpokenProduction><Writing>A1</Writing>
</ProficiencyLevel></ForeignLanguage></ForeignLanguageList></Linguistic>
<JobRelated><Description>&lt;ul&gt;&lt;li&gt;Uso del muletto&lt;/li&gt;
&lt;li&gt;Gestione delle scorte&lt;/li&gt;&lt;/ul&gt;</Description></JobRelated>
<Computer><Description>Foglio di calcolo; posta elettronica</Description></Computer>
<Driving><Description><Licence>B</Licence><Licence>CE</Licence></Description></Driving></Skills>
<AchievementList><Achievement><Title><Label>Corsi</Label></Title><Description>Corso antincendio</Description>
</Achievement></AchievementList></LearnerInfo></SkillsPassport>"""

BOMBA = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ah"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><Candidate xmlns="http://www.europass.eu/1.0">&c;</Candidate>'
)
ESTERNA = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b'<Candidate xmlns="http://www.europass.eu/1.0">&a;</Candidate>'
)


def pdf_con(*allegati: tuple[str, bytes], **salva: object) -> bytes:
    """A PDF of one page with attachments, as the Europass site makes them."""
    uscita = io.BytesIO()
    with pikepdf.new() as documento:
        documento.add_blank_page(page_size=(595, 842))
        for nome, dati in allegati:
            documento.attachments[nome] = AttachedFileSpec(documento, dati, mime_type="text/xml")
        documento.save(uscita, **salva)
    return uscita.getvalue()
