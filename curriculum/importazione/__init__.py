"""Reading a "scheda del lavoratore" (U4): a Europass XML, bare or inside a PDF. Nothing here knows Django's database.

`lettura` is the door; `albero` parses with limits; `passaporto` and `candidato` are the two generations of the format;
`pdf` and `figlio` take the XML out of a PDF in a bounded process; `motivi` are the sentences for people.
"""
