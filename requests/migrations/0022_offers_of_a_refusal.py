from django.db import migrations

import privacy.subjects.fields


class Migration(migrations.Migration):
    dependencies = [("requests", "0021_asked_again")]

    operations = [
        migrations.AddField(
            model_name="subjectrequest",
            name="offered_instead",
            field=privacy.subjects.fields.EncryptedTextField(
                blank=True, editable=True, null=True, verbose_name="offered to the person instead"
            ),
        ),
    ]
