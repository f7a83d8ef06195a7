from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0019_alternatives_of_corrections")]

    operations = [
        migrations.RemoveConstraint(model_name="categorydecision", name="refused_on_a_ground"),
        migrations.AlterField(
            model_name="categorydecision",
            name="decision",
            field=models.CharField(
                choices=[
                    ("grant", "grant"),
                    ("partial", "grant in part"),
                    ("refuse", "refuse"),
                    ("unasked", "leave out: the person did not ask for it"),
                ],
                max_length=8,
                verbose_name="decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="categorydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(decision__in=["grant", "unasked"], ground="", reasons__isnull=True)
                | ~models.Q(decision__in=["grant", "unasked"]) & ~models.Q(ground=""),
                name="refused_on_a_ground",
            ),
        ),
    ]
