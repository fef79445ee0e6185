"""What a need asks for, by the codes of the thesaurus; needs written before say nothing of it."""

from django.db import migrations, models

from marketplace import triggers

GUARDS = [guard for guard in triggers.NEEDS if guard.table == "matching_needversion"]


class Migration(migrations.Migration):
    dependencies = [("matching", "0003_suggested_by_whom")]

    operations = [
        triggers.Unguarding(*GUARDS),
        migrations.AddField(
            model_name="needversion",
            name="capabilities",
            field=models.JSONField(default=list),
        ),
        triggers.Guarding(*GUARDS),
    ]
