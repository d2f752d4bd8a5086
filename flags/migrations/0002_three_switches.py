"""The three switches are there from the start, so that the page is never empty."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from flags.catalogue import MAINTENANCE, ORDER
from flags.switches import FIRST_HEADING, FIRST_MESSAGE


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for key in ORDER:
        message = {"heading": FIRST_HEADING, "message": FIRST_MESSAGE} if key == MAINTENANCE else {}
        apps.get_model("flags", "Switch").objects.get_or_create(key=key, defaults=message)


class Migration(migrations.Migration):
    dependencies = [("flags", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
