from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0015_urgent_first")]

    operations = [
        migrations.AddField(
            model_name="accesspackage",
            name="for_post",
            field=models.BooleanField(default=False, verbose_name="goes by post"),
        ),
        migrations.AddField(
            model_name="accesspackage",
            name="posted_on",
            field=models.DateField(null=True, verbose_name="posted on"),
        ),
    ]
