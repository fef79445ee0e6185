"""The table of the shared cache, in which limits on sign-in are counted."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0002_append_only")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
