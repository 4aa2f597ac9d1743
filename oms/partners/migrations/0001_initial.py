import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import oms.partners.models.webhook_endpoint
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('outbox', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='InboundMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(help_text='key of INBOUND_SECRETS', max_length=40)),
                ('external_id', models.CharField(max_length=200)),
                ('body', models.BinaryField()),
                ('headers', models.JSONField(default=dict)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'external_id'), name='inbound_once')],
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=100)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('is_active', models.BooleanField(default=True, help_text='no: its keys are refused')),
                ('is_sandbox', models.BooleanField(default=False, help_text='its keys are for trying out: no order of it reaches stock, floor or customer')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='partner_code_once')],
            },
        ),
        migrations.CreateModel(
            name='PartnerKey',
            fields=[
                ('prefix', models.CharField(editable=False, max_length=8, unique=True)),
                ('hashed_key', models.CharField(editable=False, max_length=150)),
                ('created', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('name', models.CharField(default=None, help_text='A free-form name for the API key. Need not be unique. 50 characters max.', max_length=50)),
                ('revoked', models.BooleanField(blank=True, default=False, help_text='If the API key is revoked, clients cannot use it anymore. (This cannot be undone.)')),
                ('expiry_date', models.DateTimeField(blank=True, help_text='Once API key expires, clients cannot use it anymore.', null=True, verbose_name='Expires')),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('scopes', models.JSONField(default=list, help_text='names of oms.partners.scopes.SCOPES')),
                ('networks', models.JSONField(blank=True, default=list, help_text='CIDR it may be used from; none: from anywhere')),
                ('last_used_at', models.DateTimeField(blank=True, help_text='to half a minute', null=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='partners.partner')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'ordering': ('-created',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IdempotentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=255)),
                ('sha256', models.CharField(help_text='of method, path and body', max_length=64)),
                ('status', models.PositiveSmallIntegerField(default=0)),
                ('body', models.TextField(blank=True)),
                ('headers', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'key'), name='idempotent_once')],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, verbose_name='URL')),
                ('secret', models.CharField(default=oms.partners.models.webhook_endpoint.new_secret, editable=False, max_length=100)),
                ('previous_secret', models.CharField(blank=True, editable=False, max_length=100)),
                ('previous_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('events', models.JSONField(default=list, help_text='event names, or "*" for all')),
                ('in_order', models.BooleanField(default=False, help_text='events of one subject one after the other: each waits until the one before is taken')),
                ('is_active', models.BooleanField(default=True)),
                ('failures', models.PositiveIntegerField(default=0, help_text='in a row')),
                ('worked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('put_off_until', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('off_at', models.DateTimeField(blank=True, null=True)),
                ('off_reason', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endpoints', to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'url'), name='endpoint_once')],
            },
        ),
        migrations.CreateModel(
            name='WebhookMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50)),
                ('subject', models.CharField(max_length=50)),
                ('sequence', models.PositiveIntegerField(blank=True, null=True)),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lease_until', models.DateTimeField(blank=True, help_text='it is being sent until then', null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('dead_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('endpoint', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='partners.webhookendpoint')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='outbox.event')),
            ],
        ),
        migrations.CreateModel(
            name='WebhookTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='starts again with each redelivery')),
                ('at', models.DateTimeField(db_index=True)),
                ('status', models.PositiveSmallIntegerField(blank=True, help_text='HTTP; none came: see error', null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('duration_ms', models.PositiveIntegerField()),
                ('next_try_at', models.DateTimeField(blank=True, null=True)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='partners.webhookmessage')),
            ],
            options={
                'verbose_name_plural': 'webhook tries',
            },
        ),
        migrations.CreateModel(
            name='CallError',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, help_text='prefix of the key', max_length=8)),
                ('at', models.DateTimeField(db_index=True)),
                ('method', models.CharField(max_length=10)),
                ('path', models.CharField(max_length=200)),
                ('status', models.PositiveSmallIntegerField()),
                ('detail', models.CharField(blank=True, max_length=300)),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='call_errors', to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(fields=['partner', '-id'], name='call_error_newest')],
            },
        ),
        migrations.CreateModel(
            name='UsageDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('ok', models.PositiveIntegerField(default=0, help_text='below 400')),
                ('refused', models.PositiveIntegerField(default=0, help_text='400 to 499')),
                ('failed', models.PositiveIntegerField(default=0, help_text='500 and above')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='usage', to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'day'), name='usage_once_a_day')],
            },
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(condition=models.Q(('dead_at__isnull', True), ('done_at__isnull', True)), fields=['endpoint', 'next_attempt_at', 'id'], name='webhook_due'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(condition=models.Q(('dead_at__isnull', True), ('done_at__isnull', True)), fields=['endpoint', 'subject', 'id'], name='webhook_before'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(condition=models.Q(('lease_until__isnull', False)), fields=['endpoint'], name='webhook_in_flight'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(fields=['endpoint', 'queued_at'], name='webhook_by_time'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(condition=models.Q(('dead_at__isnull', False)), fields=['endpoint', 'dead_at'], name='webhook_dead'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(fields=['endpoint', '-id'], name='webhook_newest'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(fields=['queued_at'], name='webhook_age'),
        ),
        migrations.AddConstraint(
            model_name='webhookmessage',
            constraint=models.UniqueConstraint(fields=('endpoint', 'event'), name='webhook_once'),
        ),
        migrations.AddConstraint(
            model_name='webhookmessage',
            constraint=models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('dead_at__isnull', True), _connector='OR'), name='webhook_done_or_dead'),
        ),
    ]
