"""A reset says whether it takes away the second factor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column more."""

    dependencies = [
        ('store', '0003_letters'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='ends_factor',
            field=models.BooleanField(default=False),
        ),
    ]
