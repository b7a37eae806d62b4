"""The words of the invented cases: jobs, schools, notes. Chosen at random, they read like an office's own."""

MESTIERI = (
    # profession as one searches it, employer, title of study (level, words), tools
    ("magazziniere", "Logistica Val di Bisenzio", (3, "Qualifica di operatore logistico"), "Muletto, terminale"),
    ("addetto alle pulizie", "Servizi Splendore", (2, "Licenza media"), "Lavasciuga, monospazzola"),
    ("cameriere", "Trattoria La Pergola", (4, "Diploma alberghiero"), "Palmare per le comande"),
    ("cuoco", "Ristorante Il Mulino", (3, "Qualifica di operatore della ristorazione"), "Abbattitore, forno misto"),
    ("commesso", "Abbigliamento Corso", (4, "Diploma di ragioneria"), "Registratore di cassa"),
    ("operatore socio-sanitario", "RSA Villa Serena", (3, "Attestato OSS"), "Sollevatore"),
    ("contabile", "Studio Bandini", (4, "Diploma tecnico commerciale"), "Gestionale, foglio di calcolo"),
    ("elettricista", "Impianti Cini", (3, "Qualifica di operatore elettrico"), "Tester, scale"),
    ("muratore", "Edilizia Poggio", (2, "Licenza media"), "Betoniera, ponteggio"),
    ("saldatore", "Officine Masini", (3, "Qualifica di operatore meccanico"), "Saldatrice TIG e MIG"),
    ("autista", "Trasporti Fusi", (2, "Licenza media"), "Cronotachigrafo"),
    ("parrucchiere", "Salone Aurora", (3, "Qualifica di acconciatore"), "Forbici, phon"),
    ("giardiniere", "Vivai Pistoia Verde", (2, "Licenza media"), "Decespugliatore"),
    ("educatore", "Cooperativa Arcobaleno", (7, "Laurea in scienze dell'educazione"), ""),
    ("sarto", "Maglificio Biagi", (3, "Qualifica di operatore della moda"), "Macchina lineare, taglia e cuci"),
)  # fmt: skip
NOTE = (
    "Racconta con precisione i compiti svolti; va sostenuto nel dare valore a ciò che sa fare.",
    "Ha idee chiare sul settore, meno sulle imprese del territorio.",
    "Cerca soprattutto tramite conoscenti; non usa ancora i portali.",
    "Disponibile a spostarsi nei comuni vicini con i mezzi pubblici.",
    "Il curriculum è aggiornato; manca una lettera di presentazione.",
    "",
)
IMPRESE = (
    ("Filati Bisenzio", "Prato"),
    ("Logistica Toscana Centro", "Calenzano"),
    ("Pelletteria dell'Arno", "Empoli"),
    ("Vetreria Montelupo", "Montelupo Fiorentino"),
    ("Alimentari Pratesi", "Montemurlo"),
)
COMPETENZE = (
    "Lavoro in squadra",
    "Relazione con il pubblico",
    "Organizzazione del proprio lavoro",
    "Uso del computer",
    "Rispetto dei tempi di consegna",
)
