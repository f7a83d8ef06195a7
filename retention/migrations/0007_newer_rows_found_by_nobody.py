from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retention", "0006_received_on")]

    operations = [
        migrations.AddField(
            model_name="runstep",
            name="loses_newer",
            field=models.BooleanField(default=False, verbose_name="newer rows are found by nobody afterwards"),
        )
    ]
