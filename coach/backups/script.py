"""What pg_restore writes: SQL, with the rows of each table between COPY and its end."""

import re
from typing import Final

_COPY: Final = re.compile(rb"COPY (?:\w+\.)?\"?(\w+)\"? \(.*\) FROM stdin;")
_END: Final = b"\\."

CLEARING: Final = b"""
DO $clearing$
DECLARE each text;
BEGIN
  FOREACH each IN ARRAY (
    SELECT coalesce(array_agg('DROP ' || kind || ' IF EXISTS ' || name || ' CASCADE' ORDER BY turn), '{}') FROM (
      SELECT 1 AS turn, oid, 'pg_class'::regclass AS class,
             CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
               ELSE 'TABLE' END AS kind, oid::regclass::text AS name
        FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
      UNION ALL
      SELECT 2, oid, 'pg_proc'::regclass, 'ROUTINE', oid::regprocedure::text
        FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
      UNION ALL
      SELECT 3, oid, 'pg_type'::regclass, 'TYPE', oid::regtype::text
        FROM pg_type WHERE typnamespace = current_schema()::regnamespace
          AND (typtype = 'e' OR EXISTS (SELECT FROM pg_class WHERE oid = typrelid AND relkind = 'c'))
    ) AS found
    WHERE NOT EXISTS (
      SELECT FROM pg_depend WHERE classid = found.class AND objid = found.oid AND deptype IN ('e', 'i')
    )
  ) LOOP
    EXECUTE each;
  END LOOP;
END
$clearing$;
"""
"""Takes all that is in the schema away, but what an extension brought; sequences of a table may have gone with it."""


class Reader:
    """Counts rows, line by line. `version` is the migration that the tables are at; None while none was seen."""

    def __init__(self) -> None:
        self.version: str | None = None
        self.rows: dict[str, int] = {}
        self._table: str | None = None

    def take(self, line: bytes) -> None:
        if self._table is None:
            if line.startswith(b"COPY ") and (found := _COPY.match(line)) is not None:
                self._table = found[1].decode()
                self.rows[self._table] = 0
        elif line.rstrip(b"\r\n") == _END:
            self._table = None
        else:
            self.rows[self._table] += 1
            if self._table == "alembic_version":
                self.version = line.strip().decode()
