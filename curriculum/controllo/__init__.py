"""The check of a PDF in a bounded process (V1). Nothing here knows Django or the database.

`verdetto` is what goes in and out; `processo` is the caller's side; `figlio` is the process that stays warm and
forks one bounded child per file; `esame` is what that child does; `motivi` are the sentences for people.
"""
