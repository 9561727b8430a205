"""The first tables."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """As `lull.store.models` had them."""

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('seq', models.BigAutoField(primary_key=True, serialize=False)),
                ('hash', models.CharField(max_length=64)),
                ('post', models.CharField(max_length=64)),
                ('epoch', models.PositiveIntegerField()),
                ('number', models.PositiveBigIntegerField()),
                ('raw', models.BinaryField()),
                ('merged', models.BooleanField(default=False)),
                ('by', models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('login', models.BinaryField()),
                ('login_tag', models.CharField(max_length=64, unique=True)),
                ('function', models.BinaryField()),
                ('password', models.CharField(max_length=200)),
                ('keeper', models.BooleanField(default=False)),
                ('active', models.BooleanField(default=True)),
                ('totp', models.BinaryField(null=True)),
                ('totp_on', models.BooleanField(default=False)),
                ('totp_step', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.BinaryField()),
                ('name_tag', models.CharField(max_length=64, unique=True)),
                ('generation', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Side',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.BinaryField()),
                ('name_tag', models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Throttle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(max_length=64, unique=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('last', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Vault',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public', models.CharField(max_length=80)),
                ('wrapped', models.TextField()),
                ('recovery', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='MemberKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public', models.CharField(max_length=80, unique=True)),
                ('wrapped', models.TextField()),
                ('spare', models.TextField()),
                ('since', models.DateField()),
                ('current', models.BooleanField(default=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='store.member')),
            ],
        ),
        migrations.CreateModel(
            name='Once',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(max_length=64, unique=True)),
                ('asked', models.CharField(max_length=64)),
                ('answer', models.BinaryField(null=True)),
                ('on', models.DateField()),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='store.entry')),
            ],
        ),
        migrations.AddField(
            model_name='entry',
            name='pause',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='store.pause'),
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('used', models.BooleanField(default=False)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='store.member')),
            ],
        ),
        migrations.CreateModel(
            name='Said',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clear', models.BinaryField(null=True)),
                ('salt', models.BinaryField(null=True)),
                ('sealed', models.BinaryField(null=True)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='said', to='store.entry')),
            ],
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=20)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='store.member')),
                ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='store.pause')),
            ],
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('began', models.DateTimeField()),
                ('seen', models.DateTimeField()),
                ('expires', models.DateTimeField()),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='store.member')),
            ],
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=64)),
                ('key', models.BinaryField(null=True)),
                ('tip', models.CharField(blank=True, max_length=64)),
                ('forked', models.BooleanField(default=False)),
                ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='store.pause')),
                ('side', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='store.side')),
            ],
        ),
        migrations.AddField(
            model_name='member',
            name='side',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='store.side'),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('role', models.CharField(blank=True, max_length=20)),
                ('function', models.BinaryField()),
                ('expires', models.DateTimeField()),
                ('used', models.BooleanField(default=False)),
                ('members_only', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='store.member')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='store.member')),
                ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='store.pause')),
                ('side', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='store.side')),
            ],
        ),
        migrations.CreateModel(
            name='SideIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='store.pause')),
                ('side', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='store.side')),
            ],
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('scopes', models.CharField(max_length=100)),
                ('label', models.BinaryField()),
                ('expires', models.DateTimeField()),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='store.member')),
                ('pause', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='store.pause')),
            ],
        ),
        migrations.CreateModel(
            name='Wrap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed_key', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wraps', to='store.entry')),
            ],
        ),
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('channel', models.CharField(max_length=20)),
                ('once', models.CharField(max_length=64, unique=True)),
                ('letter', models.BinaryField()),
                ('worker', models.CharField(blank=True, max_length=64)),
                ('lease_until', models.DateTimeField(null=True)),
                ('due', models.DateTimeField()),
                ('tries', models.PositiveIntegerField(default=0)),
                ('sent', models.DateTimeField(null=True)),
                ('given_up', models.DateTimeField(null=True)),
                ('trouble', models.CharField(blank=True, max_length=40)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='store.entry')),
                ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outgoing', to='store.pause')),
            ],
            options={
                'indexes': [models.Index(fields=['sent', 'given_up', 'due'], name='store_outgo_sent_ed8366_idx')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('by', models.UUIDField()),
                ('kind', models.CharField(max_length=40)),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('given', models.BinaryField()),
                ('answer', models.BinaryField(null=True)),
                ('worker', models.CharField(blank=True, max_length=64)),
                ('lease_until', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('asked', models.DateTimeField()),
                ('done', models.DateTimeField(null=True)),
                ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='store.pause')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'asked'], name='store_job_state_cfa88e_idx')],
            },
        ),
        migrations.CreateModel(
            name='Head',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.CharField(max_length=64)),
                ('pause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='heads', to='store.pause')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('pause', 'hash'), name='one_head')],
            },
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['pause', 'seq'], name='store_entry_pause_i_227ba4_idx'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['post', 'epoch', 'number'], name='store_entry_post_b42810_idx'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('pause', 'hash'), name='one_entry'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('member', 'pause'), name='one_seat'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('pause', 'name'), name='one_post'),
        ),
        migrations.AddConstraint(
            model_name='sidein',
            constraint=models.UniqueConstraint(fields=('side', 'pause'), name='one_place'),
        ),
        migrations.AddConstraint(
            model_name='wrap',
            constraint=models.UniqueConstraint(fields=('entry', 'digest'), name='one_wrap'),
        ),
    ]
