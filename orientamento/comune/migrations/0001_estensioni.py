"""The extensions of PostgreSQL that the models use, and `piega`: the one folding of names for every search.

`piega('D’Àngelo  Maria')` is `dangelomaria`: lower case, no accents, no blanks, hyphens or apostrophes. It is
declared immutable so that generated columns and indexes may use it; the dictionary it names is fixed.
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

CREA_PIEGA = """
CREATE FUNCTION piega(testo text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(lower(unaccent('unaccent'::regdictionary, normalize(testo, NFKC))), '[^a-z0-9]', '', 'g');
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(CREA_PIEGA, "DROP FUNCTION piega(text)"),
    ]
