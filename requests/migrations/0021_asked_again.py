from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0020_parts_not_asked_for")]

    operations = [
        migrations.AddField(
            model_name="subjectrequest",
            name="asked_again_on",
            field=models.DateField(editable=False, null=True, verbose_name="asked again on"),
        )
    ]
