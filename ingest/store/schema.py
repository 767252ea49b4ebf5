"""The tables of the truth, and what brings an older library to them; database.py says what each is for."""

from typing import Final

from . import seals

FORMAT: Final = 5
"""Of the libraries that this program writes."""

STORIES_FORMAT: Final = 5
"""The first in which there are stories."""

UPGRADED_WHEN_OPENED: Final = 3
"""What an older library is brought to when it is opened; the rest it gets when it is first written."""

# What format 3 added: older texts, and corrections. Where a library had articles before, all are still to be linked.
_MEMORY = """
CREATE TABLE past (
    sha256 TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    metadata TEXT NOT NULL,            -- JSON: as it was
    left_at TEXT NOT NULL,             -- ISO 8601, UTC
    why TEXT NOT NULL,                 -- changed or removed
    text TEXT                          -- NULL while it is still among the texts
) STRICT;
CREATE INDEX past_unkept ON past (sha256) WHERE text IS NULL;
CREATE TABLE corrections (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    corrects_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    start INTEGER NOT NULL,            -- of what says so, in the text of the correcting article
    "end" INTEGER NOT NULL,
    PRIMARY KEY (article_id, corrects_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX corrections_of ON corrections (corrects_id);
CREATE TABLE handles (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    refers INTEGER NOT NULL,           -- 1 where the article calls another so, 0 where it is called so itself
    key INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    PRIMARY KEY (article_id, refers, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX handles_key ON handles (refers, key, article_id);
CREATE TABLE unlinked (article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE) STRICT;
INSERT INTO unlinked SELECT id FROM articles;
"""

# What format 5 added. Texts that have no row yet are put into stories when they are embedded.
_STORIES = """
CREATE TABLE stories (
    text_id INTEGER PRIMARY KEY REFERENCES texts (id) ON DELETE CASCADE,
    story INTEGER NOT NULL,            -- the first of its texts
    crowd INTEGER NOT NULL             -- how many words it shares with texts of other events, in thousandths
) STRICT;
CREATE INDEX stories_story ON stories (story);
"""

# What format 4 added: accepted uploads outlive the server.
_JOBS = """
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    waits INTEGER NOT NULL,            -- 1 until its files were read
    places TEXT NOT NULL,              -- JSON: the paths of its files
    told TEXT NOT NULL                 -- JSON: what the interface tells of it
) STRICT;
CREATE INDEX jobs_waiting ON jobs (number) WHERE waits = 1;
"""

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE texts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    characters INTEGER NOT NULL,
    furniture TEXT NOT NULL,           -- JSON: [[start, end], …]
    worded INTEGER NOT NULL DEFAULT 0, -- 1 once the lexical index has committed it
    copy_group INTEGER                 -- the first of its near copies or itself, NULL until looked for
) STRICT;
CREATE INDEX texts_unworded ON texts (id) WHERE worded = 0;
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    recipe TEXT NOT NULL,              -- what besides the bytes decided the result: field mapping, sidecar, extractor
    complete INTEGER NOT NULL          -- 1 where nothing in it failed
) STRICT;
CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    text_id INTEGER NOT NULL REFERENCES texts (id),
    file_id INTEGER NOT NULL REFERENCES files (id),
    given TEXT NOT NULL,               -- JSON: metadata from the source
    edited TEXT NOT NULL DEFAULT '{}', -- JSON: metadata set by hand, over it
    outlet TEXT,                       -- these two are what holds, for the filters
    date TEXT,
    pages TEXT NOT NULL,               -- JSON: where pages start
    extractor TEXT NOT NULL
) STRICT;
CREATE INDEX articles_text ON articles (text_id);
CREATE INDEX articles_file ON articles (file_id);
CREATE INDEX articles_name ON articles (name);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text_id INTEGER NOT NULL REFERENCES texts (id),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    script TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX passages_text ON passages (text_id);
CREATE TABLE embeddings (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id INTEGER NOT NULL UNIQUE REFERENCES passages (id),
    vector BLOB NOT NULL               -- half floats
) STRICT;
CREATE TABLE quotes (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id),
    spans BLOB NOT NULL,               -- 32-bit integers: start, end, start, end, … in the text
    vectors BLOB NOT NULL              -- half floats
) STRICT;
CREATE INDEX articles_outlet ON articles (outlet);
CREATE TABLE withdrawn (text_id INTEGER PRIMARY KEY) STRICT;
CREATE INDEX texts_copies ON texts (copy_group);
CREATE TABLE bands (
    band INTEGER NOT NULL,
    text_id INTEGER NOT NULL,
    PRIMARY KEY (band, text_id)
) STRICT, WITHOUT ROWID;
"""


# From each format to the next. What the writer must make anew after it, it notices by the meta entry "analysis".
UPGRADES: Final = {
    1: """
DELETE FROM embeddings;
ALTER TABLE passages ADD COLUMN script TEXT NOT NULL DEFAULT '';
CREATE TABLE quotes (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id),
    spans BLOB NOT NULL,
    vectors BLOB NOT NULL
) STRICT;
CREATE INDEX articles_outlet ON articles (outlet);
""",
    2: f"""
ALTER TABLE texts ADD COLUMN copy_group INTEGER;
CREATE INDEX texts_copies ON texts (copy_group);
CREATE TABLE bands (
    band INTEGER NOT NULL,
    text_id INTEGER NOT NULL,
    PRIMARY KEY (band, text_id)
) STRICT, WITHOUT ROWID;
{_MEMORY}""",
    3: f"{_JOBS};{seals.SCHEMA}",
    4: _STORIES,
}

SCHEMA: Final = f"{_TABLES}{_MEMORY}{_JOBS}{_STORIES};{seals.SCHEMA}"
"""What a new library is made with."""
