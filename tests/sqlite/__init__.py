"""Django's SQLite backend for tests: quick to make, and able to empty tables that triggers protect."""
