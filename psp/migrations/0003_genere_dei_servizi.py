"""Give the services loaded by the version before their kind and their limits in minutes (M2, C2)."""

from typing import Any

from django.db import migrations

# key → kind, minutes of each meeting at least, in all at least, in all at most
SERVIZI = {
    "colloquio-patto": ("colloquio", None, None, 90),
    "colloquio-informativo": ("colloquio", None, None, 90),
    "consulenza-orientativa": ("consulenza", 60, None, None),
    "seminari-laboratori": ("seminario", None, None, None),
    "bilancio-competenze": ("bilancio", None, 480, 720),
    "tirocinio": ("tirocinio", None, None, None),
    "tutoraggio-tirocinio": ("tutoraggio", None, None, None),
    "accompagnamento-lavoro": ("accompagnamento", None, None, None),
    "scouting": ("scouting", None, None, None),
    "formazione-riqualificazione": ("formazione", None, None, None),
    "eures": ("eures", None, None, None),
    "certificazione-competenze": ("certificazione", None, None, None),
    "auto-impresa": ("auto_impresa", None, None, None),
}

# Cut at its semicolon by the loader of then.
TRONCA = "Prime informazioni su servizi, formazione e lavoro"
INTERA = f"{TRONCA}; aiuto a consultare le banche dati."


def completa(apps: Any, schema_editor: Any) -> None:
    """Only rows that nobody has given a kind or limits meanwhile."""
    Servizio = apps.get_model("psp", "Servizio")
    for chiave, (genere, incontro, minimi, massimi) in SERVIZI.items():
        Servizio.objects.filter(
            chiave=chiave,
            genere="altro",
            minuti_minimi_incontro=None,
            minuti_minimi=None,
            minuti_massimi=None,
        ).update(genere=genere, minuti_minimi_incontro=incontro, minuti_minimi=minimi, minuti_massimi=massimi)
    Servizio.objects.filter(chiave="colloquio-informativo", descrizione=TRONCA).update(descrizione=INTERA)


class Migration(migrations.Migration):
    dependencies = [("psp", "0002_misure_e_agenda")]

    operations = [migrations.RunPython(completa, migrations.RunPython.noop, elidable=True)]
