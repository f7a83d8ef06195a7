from django.db import migrations, models

_FILL = """
    UPDATE register_notice SET digest = encode(sha256(convert_to(title || E'\\n' || body, 'UTF8')), 'hex')
     WHERE published_at IS NOT NULL"""


class Migration(migrations.Migration):
    """Notices in force get the digest of their words as they stand now; later ones get it when they come into force."""

    dependencies = [
        ("register", "0009_limits_raised"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="digest",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256 of title and text"
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(_FILL, reverse_sql=migrations.RunSQL.noop),
    ]
