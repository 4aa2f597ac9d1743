import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker', models.CharField(max_length=100, unique=True)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ScheduledRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='dotted name of the function', max_length=100, unique=True)),
                ('next_run_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lease_until', models.DateTimeField(blank=True, help_text='a worker runs it until then', null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='past tense: order.placed', max_length=50)),
                ('subject', models.CharField(help_text='whose lock was held: order:7', max_length=50)),
                ('sequence', models.PositiveIntegerField(blank=True, null=True)),
                ('data', models.JSONField(blank=True, default=dict, help_text='ids and codes, never personal data')),
                ('actor', models.CharField(blank=True, help_text='user:3, partner:7 or system', max_length=60)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('partner', models.BigIntegerField(blank=True, help_text='id of the partner who may read it', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'id'], name='event_timeline'), models.Index(condition=models.Q(('partner__isnull', False)), fields=['partner', 'at', 'id'], name='event_of_partner')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('sequence__isnull', False)), fields=('subject', 'sequence'), name='event_sequence_once')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consumer', models.CharField(help_text='dotted name of the function', max_length=100)),
                ('subject', models.CharField(max_length=50)),
                ('sequence', models.PositiveIntegerField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('applied', models.PositiveSmallIntegerField(default=0, help_text='how often it was recorded as done')),
                ('next_attempt_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('queued_until', models.DateTimeField(blank=True, help_text='waits in the broker until then', null=True)),
                ('lease_until', models.DateTimeField(blank=True, help_text='a worker has it until then', null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('dead_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=1000)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='outbox.event')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('dead_at__isnull', True), ('done_at__isnull', True)), fields=['next_attempt_at', 'id'], name='delivery_due'), models.Index(condition=models.Q(('dead_at__isnull', True), ('done_at__isnull', True)), fields=['consumer', 'subject', 'sequence'], name='delivery_predecessor'), models.Index(condition=models.Q(('dead_at__isnull', False)), fields=['dead_at'], name='delivery_dead')],
                'constraints': [models.UniqueConstraint(fields=('event', 'consumer'), name='delivery_once'), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('dead_at__isnull', True), _connector='OR'), name='delivery_done_or_dead')],
            },
        ),
    ]
