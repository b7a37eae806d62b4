-- The portal's whole store. Dates are ISO 8601 in UTC; moments that are compared are seconds since 1970.

CREATE TABLE cittadino (
    codice_fiscale TEXT PRIMARY KEY,
    cognome TEXT NOT NULL,
    nome TEXT NOT NULL,
    data_nascita TEXT NOT NULL,
    posta TEXT,
    cellulare TEXT,
    creato_il TEXT NOT NULL,
    confermata_il TEXT,
    gettone TEXT NOT NULL UNIQUE,
    canale TEXT CHECK (canale IN ('posta', 'sms')),
    messaggi INTEGER NOT NULL DEFAULT 0,
    ultimo_messaggio_il TEXT,
    cancellato_il TEXT
) STRICT;

CREATE TABLE messaggio (
    id INTEGER PRIMARY KEY,
    codice_fiscale TEXT NOT NULL REFERENCES cittadino,
    canale TEXT NOT NULL,
    destinatario TEXT NOT NULL,
    gettone TEXT NOT NULL,
    mandato_il TEXT NOT NULL
) STRICT;
CREATE INDEX messaggio_per_cittadino ON messaggio (codice_fiscale);

CREATE TABLE curriculum (
    id INTEGER PRIMARY KEY,
    codice_fiscale TEXT NOT NULL UNIQUE REFERENCES cittadino,
    chiave TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    caricato_il TEXT NOT NULL,
    ricevuto_il TEXT NOT NULL,
    scade_il TEXT NOT NULL,
    propensioni TEXT NOT NULL,
    titoli TEXT NOT NULL,
    testo TEXT NOT NULL,
    contenuto BLOB NOT NULL,
    intuition_da REAL NOT NULL,
    intuition_fino REAL
) STRICT;

-- What a firm searches: roots of words, accents taken away. `primo` holds professions, sectors and titles.
CREATE VIRTUAL TABLE indice USING fts5 (primo, testo, tokenize = "unicode61 remove_diacritics 0");

CREATE TABLE chiave (
    chiave TEXT PRIMARY KEY,
    impronta TEXT NOT NULL,
    usata_il TEXT NOT NULL
) STRICT;

-- One row each time that a CV is really taken in: two rows with one key are a double.
CREATE TABLE ricezione (
    id INTEGER PRIMARY KEY,
    chiave TEXT NOT NULL,
    codice_fiscale TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    ricevuto_il TEXT NOT NULL
) STRICT;

CREATE TABLE gettone (
    impronta TEXT PRIMARY KEY,
    scade REAL NOT NULL
) STRICT;

CREATE TABLE guasti (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    valori TEXT NOT NULL
) STRICT;
