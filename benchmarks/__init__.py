"""How fast money moves here, beside the database's own ceiling (see README.md)."""
