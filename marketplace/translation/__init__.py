"""The texts of the site in Thai: which there are, which are missing, and how they are compiled.

Babel does it, because the gettext tools may be missing on a fresh machine.
"""
