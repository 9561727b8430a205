"""Imported folders; jobs on them with options, progress and files that came of them."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Folders and products of jobs."""

    dependencies = [
        ('store', '0004_resets'),
    ]

    operations = [
        migrations.CreateModel(
            name='Folder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('by', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('kept', models.BinaryField(default=b'')),
                ('about', models.BinaryField()),
                ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='folders', to='store.pause')),
            ],
        ),
        migrations.AddField(
            model_name='job',
            name='folder',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='store.folder'),
        ),
        migrations.AddField(
            model_name='job',
            name='options',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='job',
            name='progress',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='job',
            name='told',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('content', models.BinaryField()),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='products', to='store.job')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('job', 'name'), name='one_of_a_name')],
            },
        ),
    ]
