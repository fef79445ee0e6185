"""Settings of the tests: the site's own, in a folder that each test process has for itself."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="marketplace-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
# WhiteNoise warns where the folder of collected files is missing.
(_folder / "static").mkdir()

# A developer's own environment must not change what the tests say; only DATABASE_URL is theirs to choose.
for _name in ("DEBUG", "DEMO", "SITE_URL", "EMAIL_URL", "CACHE_URL", "SEARCH_URL", "ALLOWED_HOSTS"):
    os.environ.pop(_name, None)
os.environ.update(
    SECRET_KEY="only for tests",
    VAR_DIR=str(_folder),
    # The few tests of meaning switch it on for themselves.
    SEARCH_EMBEDDINGS="0",
    # Tests of throttling set their own, low limits.
    THROTTLE_ANON="100000/min",
    THROTTLE_USER="100000/min",
)

from marketplace.settings import *  # noqa: E402, F403 - the environment above has to stand first
from marketplace.settings import DATABASES, STORAGES  # noqa: E402 - as above

# A slow hash protects passwords, and would be half of the time of the tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Hashed names need collected files; tests/browser/test_demo.py looks at the real ones.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "tests.sqlite"
    # A file, as in real life: an in-memory database is one connection shared by the threads of a live server.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
