from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="about",
            field=models.CharField(blank=True, default="", max_length=10),
            preserve_default=False,
        ),
    ]
