import django.db.models.deletion
import django.utils.timezone
import oms.lib.money
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0001_initial'),
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('requested', 'Requested'), ('approved', 'Approved'), ('in_transit', 'on its way'), ('received', 'Received'), ('inspected', 'Inspected'), ('resolved', 'Resolved'), ('declined', 'Declined'), ('expired', 'Expired')], default='requested', editable=False, max_length=10)),
                ('fee', oms.lib.money.MoneyField(default=Decimal('0'), help_text='kept from the refund, with tax')),
                ('customer_note', models.CharField(blank=True, max_length=1000)),
                ('decline_reason', models.CharField(blank=True, max_length=300)),
                ('tracking_number', models.CharField(blank=True, max_length=60)),
                ('requested_by', models.CharField(default='system', max_length=40)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('location', models.ForeignKey(help_text='where the goods go', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rmas', to='orders.order')),
                ('refund', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rma', to='orders.refund')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('approve_return', 'Can approve and decline returns'), ('inspect_return', 'Can inspect returns')],
                'indexes': [models.Index(fields=['status', '-id'], name='rma_by_status'), models.Index(condition=models.Q(('status__in', ['approved', 'in_transit'])), fields=['expires_at'], name='rma_expiring')],
                'constraints': [models.CheckConstraint(condition=models.Q(('fee__gte', 0)), name='rma_fee_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='ReturnLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(help_text='pieces announced')),
                ('received', models.PositiveIntegerField(default=0, help_text='pieces that came')),
                ('reason', models.CharField(choices=[('unwanted', 'Changed mind'), ('too_small', 'Too small'), ('too_large', 'Too large'), ('not_as_described', 'Not as described'), ('damaged', 'Arrived damaged'), ('faulty', 'Does not work'), ('wrong', 'Wrong goods sent'), ('late', 'Came too late'), ('undeliverable', 'Undeliverable')], default='unwanted', max_length=16)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='return_lines', to='orders.orderline')),
                ('rma', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='returns.return')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('rma', 'line'), name='rma_line_once'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='rma_line_not_empty'), models.CheckConstraint(condition=models.Q(('received__lte', models.F('quantity'))), name='rma_line_not_overreceived')],
            },
        ),
        migrations.CreateModel(
            name='Disposition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(help_text='pieces')),
                ('outcome', models.CharField(choices=[('restock', 'Back to stock'), ('quarantine', 'Quarantine'), ('scrap', 'Scrap')], max_length=10)),
                ('source', models.CharField(blank=True, max_length=10)),
                ('grade', models.PositiveSmallIntegerField(blank=True, choices=[(1, '1 as new'), (2, '2 opened'), (3, '3 used'), (4, '4 broken')], null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('actor', models.CharField(default='system', max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispositions', to='returns.returnline')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='disposition_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='ReturnPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('window_days', models.PositiveIntegerField(default=30, help_text='after delivery, or shipping where that is unknown')),
                ('fee', oms.lib.money.MoneyField(default=Decimal('0'), help_text='kept from the refund, once a return, with tax')),
                ('is_free_when_faulty', models.BooleanField(default=True, help_text='no fee for what is damaged, wrong or late')),
                ('is_approved_at_once', models.BooleanField(default=False, help_text='no person needs to approve')),
                ('refunds_shipping', models.BooleanField(default=False, help_text='when the whole order comes back')),
                ('expires_after_days', models.PositiveIntegerField(default=30, help_text='approved, but nothing came')),
                ('channel', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='return_policy', to='orders.channel')),
                ('location', models.ForeignKey(blank=True, help_text='where goods go; empty: where they came from', null=True, on_delete=django.db.models.deletion.PROTECT, to='inventory.location')),
            ],
            options={
                'verbose_name_plural': 'return policies',
                'ordering': ['channel'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fee__gte', 0)), name='return_fee_not_negative')],
            },
        ),
    ]
