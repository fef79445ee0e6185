"""What was written as a record stays as it was."""

from django.db import migrations

from marketplace import triggers


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]
    operations = [triggers.Guarding(*triggers.NEEDS)]
