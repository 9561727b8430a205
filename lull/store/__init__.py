"""The Django app that keeps ledgers in SQLite or PostgreSQL; the only code that speaks to an ORM.

`configure` comes first: it tells Django which database there is, by argument. Nothing else here can
be imported before it has been called.
"""
