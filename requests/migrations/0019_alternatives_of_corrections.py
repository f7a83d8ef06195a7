from django.db import migrations, models

import privacy.subjects.fields


class Migration(migrations.Migration):
    dependencies = [("requests", "0018_sent_pages")]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="alternatives",
            field=models.JSONField(default=list, verbose_name="offered instead"),
        ),
        migrations.AddField(
            model_name="correction",
            name="own_alternative",
            field=privacy.subjects.fields.EncryptedTextField(
                editable=True, null=True, verbose_name="offered instead, in the officer's words"
            ),
        ),
    ]
