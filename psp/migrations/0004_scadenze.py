"""When a thing that is done again and again is due: one rule, for the pages and for the worklist (M1)."""

from django.db import migrations

CREA = """
CREATE FUNCTION psp_prossima_volta(frequenza text, da date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (CASE frequenza
    WHEN 'settimanale' THEN da + interval '7 days'
    WHEN 'quindicinale' THEN da + interval '14 days'
    WHEN 'mensile' THEN da + interval '1 month'
    WHEN 'bimestrale' THEN da + interval '2 months'
    WHEN 'trimestrale' THEN da + interval '3 months'
END)::date;

CREATE FUNCTION psp_scadenza_atto(frequenza text, entro_il date, inizio date, ultima date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN frequenza = '' AND ultima IS NOT NULL THEN NULL
    WHEN frequenza = '' THEN entro_il
    WHEN ultima >= entro_il THEN NULL
    ELSE LEAST(psp_prossima_volta(frequenza, COALESCE(ultima, inizio)), entro_il)
END;
"""
TOGLI = """
DROP FUNCTION psp_scadenza_atto(text, date, date, date);
DROP FUNCTION psp_prossima_volta(text, date);
"""


class Migration(migrations.Migration):
    dependencies = [("psp", "0003_genere_dei_servizi")]

    operations = [migrations.RunSQL(CREA, TOGLI)]
