"""Django's SQLite backend for tests that commit: it can empty tables that triggers protect."""
