import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0017_on_file")]

    operations = [
        migrations.CreateModel(
            name="SentPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.UUIDField(unique=True)),
                ("content_digest", models.BinaryField(max_length=32)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sent_pages",
                        to="requests.subjectrequest",
                    ),
                ),
            ],
        ),
    ]
