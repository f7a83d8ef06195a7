"""Customer numbers that look the same are one from now on: the index of those that stand is made anew.

Their values stay as they were written. Two people who have the same number by now stay two, and the one who was there
under it keeps it: officers can tell whether they are one. What cannot be decrypted any more is nobody's to find.
"""

from django.db import migrations

from privacy.subjects.crypto import CannotDecrypt, decrypt, keyed_index
from privacy.subjects.identifiers import IdentifierInvalid, normalise

KIND, CONTEXT, AT_ONCE = "customer_id", "subjects.identifier.value", 5000


def index_anew(apps, schema_editor):
    identifiers = apps.get_model("subjects", "Identifier").objects.filter(kind=KIND)
    last = 0
    while rows := list(_behind(schema_editor.connection, last)):
        for key, value, index in rows:
            wanted = _index_of(bytes(value))
            if wanted not in (None, bytes(index)) and not identifiers.filter(index=wanted).exists():
                identifiers.filter(pk=key).update(index=wanted)
        last = rows[-1][0]


def _behind(connection, last):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, value, index FROM subjects_identifier WHERE kind = %s AND id > %s ORDER BY id LIMIT %s",
            [KIND, last, AT_ONCE],
        )
        return cursor.fetchall()


def _index_of(value):
    try:
        text = decrypt(value, context=CONTEXT)
        return None if text.isascii() else keyed_index(KIND, normalise(KIND, text))
    except (CannotDecrypt, IdentifierInvalid):
        return None


class Migration(migrations.Migration):

    dependencies = [
        ("subjects", "0002_former_identifiers"),
    ]

    operations = [
        migrations.RunPython(index_anew, migrations.RunPython.noop),
    ]
