"""The ground the tests stand on."""

from django.conf import settings
from django.db import connection


def test_tests_run_on_a_real_postgresql_with_the_extensions_we_need(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        presenti = {riga[0] for riga in cursor.fetchall()}
    assert connection.vendor == "postgresql"
    assert {"pg_trgm", "unaccent", "btree_gist"} <= presenti


def test_demo_data_are_allowed_only_by_the_development_settings():
    assert settings.DATI_DIMOSTRATIVI_AMMESSI is True
