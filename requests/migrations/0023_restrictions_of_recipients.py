from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0022_offers_of_a_refusal")]

    operations = [
        migrations.AlterField(
            model_name="recipientnotice",
            name="change",
            field=models.CharField(
                choices=[
                    ("corrected", "corrected"),
                    ("erased", "erased"),
                    ("restricted", "restricted"),
                    ("ended", "restriction ended"),
                    ("disputed", "disputed"),
                ],
                max_length=10,
                verbose_name="what changed",
            ),
        ),
        migrations.AddField(
            model_name="recipientnotice",
            name="purposes",
            field=models.JSONField(default=list, verbose_name="only for the purposes"),
        ),
        migrations.AddField(
            model_name="recipientnotice",
            name="restriction_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RemoveConstraint(model_name="recipientnotice", name="recipient_told_once"),
        migrations.AddConstraint(
            model_name="recipientnotice",
            constraint=models.UniqueConstraint(
                fields=("case", "recipient", "change", "restriction_id"),
                name="recipient_told_once",
                nulls_distinct=False,
            ),
        ),
    ]
