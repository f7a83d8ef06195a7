from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0016_packages_by_post")]

    operations = [
        migrations.AddField(
            model_name="subjectrequest",
            name="on_file",
            field=models.JSONField(editable=False, null=True, verbose_name="where the person is on file"),
        ),
    ]
