import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def end_with_notices_taken_back(apps, schema_editor):
    """Those whose notice was taken back since they began told people of words or a day that may not have come."""
    entries = apps.get_model("ledger", "LedgerEntry").objects.filter(action="notice.unscheduled")
    for each in apps.get_model("announcements", "NoticeAnnouncement").objects.all():
        numbers = [each.notice_id, *each.translations.values_list("pk", flat=True)]
        if entries.filter(object_id__in=map(str, numbers), recorded_at__gte=each.begun_at).exists():
            each.state = "taken_back"
            each.save(update_fields=["state"])


class Migration(migrations.Migration):
    dependencies = [
        ("announcements", "0007_notices_in_other_languages"),
        ("ledger", "0001_initial"),
        ("register", "0011_retention_hours_in_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="noticeannouncement",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="announcements",
                to="register.notice",
                verbose_name="notice",
            ),
        ),
        migrations.AlterField(
            model_name="noticeannouncement",
            name="state",
            field=models.CharField(
                choices=[
                    ("running", "under way"),
                    ("stopped", "stopped"),
                    ("done", "done"),
                    ("taken_back", "ended: the notice was taken back"),
                ],
                default="running",
                editable=False,
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeannouncement",
            constraint=models.UniqueConstraint(
                condition=~Q(state="taken_back"), fields=("notice",), name="notice_announced_once"
            ),
        ),
        migrations.RunPython(end_with_notices_taken_back, migrations.RunPython.noop),
    ]
