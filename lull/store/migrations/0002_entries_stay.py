"""The database itself refuses to change or delete an entry, whoever asks."""

from typing import Any

from django.db import migrations

SQLITE = (
    "CREATE TRIGGER entry_kept_{0} BEFORE {0} ON store_entry "
    "BEGIN SELECT RAISE(ABORT, 'An entry is never changed or deleted.'); END"
)
POSTGRES = (
    "CREATE FUNCTION store_entry_kept() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN RAISE EXCEPTION 'An entry is never changed or deleted.'; END $$",
    "CREATE TRIGGER entry_kept BEFORE UPDATE OR DELETE ON store_entry "
    "FOR EACH ROW EXECUTE FUNCTION store_entry_kept()",
)


def keep(apps: Any, editor: Any) -> None:
    """Make the triggers."""
    if editor.connection.vendor == "sqlite":
        statements = tuple(SQLITE.format(what) for what in ("UPDATE", "DELETE"))
    else:
        statements = POSTGRES
    for statement in statements:
        editor.execute(statement)


def let_go(apps: Any, editor: Any) -> None:
    """Take them away again."""
    if editor.connection.vendor == "sqlite":
        for what in ("UPDATE", "DELETE"):
            editor.execute(f"DROP TRIGGER entry_kept_{what}")
    else:
        editor.execute("DROP TRIGGER entry_kept ON store_entry")
        editor.execute("DROP FUNCTION store_entry_kept()")


class Migration(migrations.Migration):
    """Entries stay."""

    dependencies = (("store", "0001_initial"),)
    operations = (migrations.RunPython(keep, let_go),)
