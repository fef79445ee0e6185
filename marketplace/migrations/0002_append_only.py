"""What was written as a record stays as it was."""

from django.db import migrations

from marketplace import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor, *triggers.RECORDS)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, *triggers.RECORDS)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
