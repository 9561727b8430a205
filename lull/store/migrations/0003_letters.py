"""Letters say to whom they go and whose words are in them; where recipients are reached."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Letters and addressees."""

    dependencies = [
        ('store', '0002_entries_stay'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoing',
            name='about',
            field=models.CharField(blank=True, db_index=True, max_length=64),
        ),
        migrations.AddField(
            model_name='outgoing',
            name='before',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters_since', to='store.entry'),
        ),
        migrations.AddField(
            model_name='outgoing',
            name='of',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters_of', to='store.entry'),
        ),
        migrations.AddField(
            model_name='outgoing',
            name='recipient',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='outgoing',
            name='version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='Addressee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(max_length=64, unique=True)),
                ('kept', models.BinaryField()),
                ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addressees', to='store.pause')),
            ],
        ),
    ]
