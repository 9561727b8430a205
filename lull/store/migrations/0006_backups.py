"""When the store was backed up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One row for each backup that was written."""

    dependencies = [
        ('store', '0005_folders'),
    ]

    operations = [
        migrations.CreateModel(
            name='BackedUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('rows', models.PositiveBigIntegerField()),
                ('proven', models.BooleanField()),
            ],
        ),
    ]
