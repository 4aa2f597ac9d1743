import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
import fulfilment.models.label
import fulfilment.models.wave
import oms.lib.money
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
        ('inventory', '0001_initial'),
        ('orders', '0001_initial'),
        ('papers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Badge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('issued_by', models.CharField(max_length=40)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='badge', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Carrier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=60)),
                ('plugin', models.CharField(default='manual', help_text='which of CARRIERS makes its labels', max_length=20)),
                ('tracking_url', models.CharField(blank=True, help_text='the page for a parcel, with {number} in it', max_length=200, verbose_name='tracking URL')),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='carrier_code_once')],
            },
        ),
        migrations.CreateModel(
            name='FulfilmentOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('ship', 'parcel'), ('pickup', 'store pickup'), ('dropship', 'supplier sends it'), ('digital', 'Digital')], default='ship', max_length=8)),
                ('status', models.CharField(choices=[('open', 'Open'), ('released', 'Released'), ('picking', 'Picking'), ('packed', 'Packed'), ('ready_for_pickup', 'ready for pickup'), ('shipped', 'Shipped'), ('closed', 'Closed'), ('cancelled', 'Cancelled'), ('rejected', 'Rejected')], default='open', editable=False, max_length=16)),
                ('ship_by', models.DateTimeField(help_text='the cut-off it must leave before')),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'Urgent'), (3, 'High'), (5, 'Normal'), (7, 'Low')], default=5)),
                ('tote', models.PositiveSmallIntegerField(blank=True, help_text="its tote on the pick list's cart", null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('touched_at', models.DateTimeField(default=django.utils.timezone.now, help_text='when somebody last worked on it')),
                ('picked_at', models.DateTimeField(blank=True, null=True)),
                ('shipped_at', models.DateTimeField(blank=True, null=True)),
                ('notes_read_at', models.DateTimeField(blank=True, help_text='when the packer read the pack notes', null=True)),
                ('set_aside', models.CharField(blank=True, help_text='why it left the bench unpacked', max_length=200)),
                ('reject_reason', models.CharField(blank=True, max_length=200)),
                ('silent_at', models.DateTimeField(blank=True, help_text='when CS was told that its supplier does not answer', null=True)),
                ('pickup_shelf', models.CharField(blank=True, help_text='where it waits for the customer', max_length=20)),
                ('pickup_code', models.CharField(blank=True, help_text='what the customer shows', max_length=8)),
                ('pickup_until', models.DateTimeField(blank=True, null=True)),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='fulfilment_orders', to='inventory.location')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fulfilment_orders', to='orders.order')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('release_fulfilmentorder', 'Can release work to the floor'), ('stop_fulfilmentorder', 'Can answer cancellations on the floor'), ('collect_fulfilmentorder', 'Can hand pickups to customers')],
                'indexes': [models.Index(condition=models.Q(('status__in', ['open', 'released', 'picking', 'packed', 'ready_for_pickup'])), fields=['location', 'status', 'ship_by'], name='fulfilment_board'), models.Index(fields=['status', '-shipped_at'], name='fulfilment_by_shipped'), models.Index(condition=models.Q(('method', 'dropship'), ('status', 'released')), fields=['touched_at'], name='fulfilment_unanswered')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'shipped'), _negated=True), ('shipped_at__isnull', False), _connector='OR'), name='fulfilment_shipped_has_moment')],
            },
        ),
        migrations.CreateModel(
            name='FulfilmentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(help_text='pieces')),
                ('picked', models.PositiveIntegerField(default=0, help_text='pieces taken from the shelf')),
                ('packed', models.PositiveIntegerField(default=0, help_text='pieces in a parcel')),
                ('shipped', models.PositiveIntegerField(default=0, help_text='pieces that left')),
                ('short', models.PositiveIntegerField(default=0, help_text='pieces that were not there')),
                ('cancelled', models.PositiveIntegerField(default=0, help_text='pieces given up')),
                ('stopped', models.PositiveIntegerField(default=0, help_text="pieces that CS asks back from people's hands")),
                ('allocation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fulfilment_lines', to='orders.allocation')),
                ('order_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fulfilment_lines', to='orders.orderline')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
                ('fulfilment_order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='fulfilment.fulfilmentorder')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('fulfilment_order', 'allocation'), name='allocation_once_per_fulfilment_order'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='fulfilment_line_not_empty'), models.CheckConstraint(condition=models.Q(('quantity__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('picked'), '+', models.F('short')), '+', models.F('cancelled')))), name='fulfilment_line_not_overpicked'), models.CheckConstraint(condition=models.Q(('packed__gte', models.F('shipped')), ('picked__gte', models.F('packed'))), name='fulfilment_line_in_order'), models.CheckConstraint(condition=models.Q(('quantity__gte', models.F('stopped'))), name='fulfilment_line_stop_fits')],
            },
        ),
        migrations.CreateModel(
            name='Manifest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handed_over_at', models.DateTimeField(blank=True, help_text='when it was closed', null=True)),
                ('handed_over_by', models.CharField(blank=True, max_length=40)),
                ('carrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='manifests', to='fulfilment.carrier')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='manifests', to='inventory.location')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='counts the parcels of its fulfilment order')),
                ('status', models.CharField(choices=[('packing', 'Packing'), ('packed', 'Packed'), ('shipped', 'Shipped'), ('handed_over', 'handed over'), ('delivered', 'Delivered'), ('cancelled', 'Cancelled')], default='packing', editable=False, max_length=11)),
                ('weight_g', models.PositiveIntegerField(blank=True, help_text='as weighed', null=True)),
                ('length_mm', models.PositiveIntegerField(blank=True, null=True)),
                ('width_mm', models.PositiveIntegerField(blank=True, null=True)),
                ('height_mm', models.PositiveIntegerField(blank=True, null=True)),
                ('service', models.CharField(blank=True, max_length=40)),
                ('tracking_number', models.CharField(blank=True, max_length=60)),
                ('shipments', models.PositiveSmallIntegerField(default=0, help_text="how often it was shipped: part of its ledger entries' keys")),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sealed_at', models.DateTimeField(blank=True, help_text='its own label was scanned on it', null=True)),
                ('shipped_at', models.DateTimeField(blank=True, null=True)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('carrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='fulfilment.carrier')),
                ('fulfilment_order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='fulfilment.fulfilmentorder')),
                ('manifest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='fulfilment.manifest')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='orders.order')),
                ('tracking_page', models.CharField(blank=True, help_text="the carrier's page about it", max_length=200)),
            ],
            options={
                'ordering': ['pk'],
                'permissions': [('pack_parcel', 'Can pack parcels'), ('ship_parcel', 'Can ship parcels'), ('unship_parcel', 'Can take a shipment back')],
                'indexes': [models.Index(condition=models.Q(('tracking_number', ''), _negated=True), fields=['tracking_number'], name='parcel_tracking'), models.Index(condition=models.Q(('status', 'shipped')), fields=['-shipped_at'], name='parcel_by_shipped')],
                'constraints': [models.UniqueConstraint(fields=('fulfilment_order', 'number'), name='parcel_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['shipped', 'handed_over', 'delivered']), _negated=True), ('shipped_at__isnull', False), _connector='OR'), name='parcel_shipped_has_moment')],
            },
        ),
        migrations.CreateModel(
            name='ParcelLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(help_text='pieces')),
                ('fulfilment_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcel_lines', to='fulfilment.fulfilmentline')),
                ('lot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parcel_lines', to='inventory.lot')),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='fulfilment.parcel')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lot__isnull', True)), fields=('parcel', 'fulfilment_line'), name='parcel_line_once'), models.UniqueConstraint(condition=models.Q(('lot__isnull', False)), fields=('parcel', 'fulfilment_line', 'lot'), name='parcel_line_once_a_lot'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='parcel_line_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='ParcelSerial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='serials', to='fulfilment.parcelline')),
                ('serial', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='inventory.serial')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('line', 'serial'), name='serial_once_per_parcel_line')],
            },
        ),
        migrations.CreateModel(
            name='PickList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('open', 'waiting for a picker'), ('picking', 'Picking'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='open', editable=False, max_length=9)),
                ('created_by', models.CharField(default='system', max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pick_lists', to='inventory.location')),
                ('picker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('status__in', ['open', 'picking'])), fields=['location', '-id'], name='pick_list_open')],
            },
        ),
        migrations.AddField(
            model_name='fulfilmentorder',
            name='pick_list',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fulfilment_orders', to='fulfilment.picklist'),
        ),
        migrations.CreateModel(
            name='PickTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField(help_text='the walking order')),
                ('quantity', models.PositiveIntegerField(help_text='pieces; cancelled ones are taken off')),
                ('picked', models.PositiveIntegerField(default=0, help_text='pieces')),
                ('short', models.PositiveIntegerField(default=0, help_text='pieces')),
                ('short_reason', models.CharField(blank=True, choices=[('missing', 'not there'), ('damaged', 'Damaged'), ('wrong_item', 'another item lies there')], max_length=10)),
                ('done_by', models.CharField(blank=True, max_length=40)),
                ('done_at', models.DateTimeField(blank=True, help_text='when something was last done for it', null=True)),
                ('bin', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bin')),
                ('fulfilment_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='fulfilment.fulfilmentline')),
                ('lot', models.ForeignKey(blank=True, help_text='which pieces of those there', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.lot')),
                ('pick_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='fulfilment.picklist')),
                ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
            ],
            options={
                'ordering': ['pick_list', 'sequence', 'pk'],
                'indexes': [models.Index(fields=['pick_list', 'sequence'], name='pick_task_walk'), models.Index(condition=models.Q(('quantity__gt', django.db.models.expressions.CombinedExpression(models.F('picked'), '+', models.F('short')))), fields=['sku', 'bin'], name='pick_task_planned')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('picked'), '+', models.F('short')))), name='pick_task_not_overpicked')],
            },
        ),
        migrations.CreateModel(
            name='Postage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', oms.lib.money.MoneyField()),
                ('currency', models.CharField(max_length=3)),
                ('chosen', models.PositiveSmallIntegerField(default=0, help_text='which of the options is taken; 0: the first')),
                ('options', models.JSONField()),
                ('reason', models.CharField(max_length=200)),
                ('is_late', models.BooleanField(default=False, help_text='no service was offered that keeps the promise')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('parcel', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='postage', to='fulfilment.parcel')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='postage_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='PutBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(help_text='pieces')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_by', models.CharField(blank=True, max_length=40)),
                ('bin', models.ForeignKey(help_text='where they came from', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bin')),
                ('fulfilment_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='put_backs', to='fulfilment.fulfilmentline')),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='put_backs', to='inventory.location')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['location', 'id'], name='put_back_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='put_back_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='RateCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('currency', models.CharField(help_text='ISO 4217', max_length=3)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, help_text='its last day; empty: until further notice', null=True)),
                ('document', models.JSONField(help_text='as fulfilment.rating.read reads it')),
                ('digest', models.CharField(editable=False, help_text='SHA-256 of the document', max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rate_cards', to='fulfilment.carrier')),
            ],
            options={
                'ordering': ['carrier', 'name', '-valid_from'],
                'constraints': [models.UniqueConstraint(fields=('carrier', 'name', 'valid_from'), name='rate_card_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='rate_card_ends_after_begin')],
            },
        ),
        migrations.CreateModel(
            name='ShippingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('most_extra', oms.lib.money.MoneyField(blank=True, help_text='so much more than the cheapest a preferred carrier may cost; empty: any', null=True)),
                ('channel', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='shipping_rule', to='orders.channel')),
                ('preferred', models.ManyToManyField(blank=True, help_text='taken first where in time', related_name='+', to='fulfilment.carrier')),
            ],
            options={
                'ordering': ['channel'],
                'constraints': [models.CheckConstraint(condition=models.Q(('most_extra__isnull', True), ('most_extra__gte', 0), _connector='OR'), name='shipping_rule_extra_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='ExcludedService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(help_text='its code on the rate card', max_length=40)),
                ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fulfilment.carrier')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='excluded', to='fulfilment.shippingrule')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('rule', 'carrier', 'service'), name='excluded_service_once')],
            },
        ),
        migrations.CreateModel(
            name='Station',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='stands on its barcode', max_length=20)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('label_printer', models.CharField(blank=True, choices=[('', 'none'), ('pdf', 'prints PDF'), ('zpl', 'speaks ZPL')], default='', max_length=3)),
                ('has_paper_printer', models.BooleanField(default=False, help_text='for slips, pick lists and cards, A4 or A5')),
                ('has_scale', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True)),
                ('key_number', models.PositiveIntegerField(default=1, editable=False)),
                ('seen_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('weight_g', models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ('weighed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stations', to='inventory.location')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='station_code_once')],
            },
        ),
        migrations.CreateModel(
            name='PrintJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('label', 'Label'), ('paper', 'Paper')], max_length=5)),
                ('copy', models.PositiveSmallIntegerField(default=0, help_text='0: the first; n: marked REPRINT n')),
                ('status', models.CharField(choices=[('queued', 'Queued'), ('sent', 'with the printer'), ('printed', 'Printed'), ('doubtful', 'perhaps printed'), ('failed', 'not printed'), ('lost', 'did not come out')], default='queued', editable=False, max_length=8)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('created_by', models.CharField(max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('document', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='print_jobs', to='papers.document')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='fulfilment.station')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('status__in', ['printed', 'lost']), _negated=True), fields=['station', 'id'], name='print_job_open')],
                'constraints': [models.UniqueConstraint(fields=('document', 'copy'), name='print_job_copy_once')],
            },
        ),
        migrations.CreateModel(
            name='TrackingEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('in_transit', 'on its way'), ('out_for_delivery', 'out for delivery'), ('delivered', 'Delivered'), ('exception', 'trouble on the way'), ('returned', 'on its way back')], max_length=16)),
                ('text', models.CharField(blank=True, help_text="in the carrier's words", max_length=200)),
                ('place', models.CharField(blank=True, max_length=100)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('actor', models.CharField(default='system', max_length=40)),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tracking_events', to='fulfilment.parcel')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('parcel', 'code', 'at'), name='tracking_event_once')],
            },
        ),
        migrations.CreateModel(
            name='TrackingUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text="as the person's computer calls it", max_length=200)),
                ('content', models.BinaryField(default=bytes)),
                ('status', models.CharField(choices=[('checked', 'waiting for you'), ('done', 'taken')], default='checked', max_length=7)),
                ('rows', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done_at', models.DateTimeField(null=True)),
                ('location', models.ForeignKey(help_text='where it left from', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('status', 'checked')), fields=['created_at'], name='tracking_upload_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(blank=True, max_length=40)),
                ('form', models.CharField(default='pdf', help_text='the file that is asked for: pdf or zpl', max_length=3)),
                ('status', models.CharField(choices=[('pending', 'asked for'), ('bought', 'Bought'), ('refused', 'Refused'), ('voiding', 'being given back'), ('voided', 'given back'), ('kept', 'not taken back')], default='pending', editable=False, max_length=8)),
                ('reference', models.CharField(default=fulfilment.models.label.own_reference, editable=False, max_length=40, unique=True)),
                ('external_id', models.CharField(blank=True, help_text="the carrier's id of the shipment", max_length=60)),
                ('tracking_number', models.CharField(blank=True, max_length=60)),
                ('amount', oms.lib.money.MoneyField(blank=True, help_text='what the carrier charged', null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='since it has its status')),
                ('asked_at', models.DateTimeField(blank=True, help_text='when it was last to be bought', null=True)),
                ('ask_after', models.DateTimeField(default=django.utils.timezone.now, help_text='when the schedule asks next')),
                ('wait_until', models.DateTimeField(blank=True, help_text='the carrier wants no question before', null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('created_by', models.CharField(max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='labels', to='fulfilment.carrier')),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='labels', to='fulfilment.parcel')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('status__in', ['pending', 'voiding'])), fields=['ask_after'], name='label_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['pending', 'bought'])), fields=('parcel',), name='label_live_once'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'bought'), _negated=True), models.Q(('tracking_number', ''), _negated=True), _connector='OR'), name='label_bought_has_number')],
            },
        ),
        migrations.CreateModel(
            name='ParcelCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('returning', 'on its way back'), ('exception', 'trouble on the way'), ('unseen', 'never seen by the carrier'), ('late', 'should have arrived'), ('silent', 'no scan for days')], max_length=9)),
                ('since', models.DateTimeField(help_text='the hand-over, the scan, or the evening that it is about')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.CharField(blank=True, max_length=40)),
                ('outcome', models.CharField(blank=True, choices=[('news', 'news came'), ('settled', 'Settled'), ('lost', 'Lost')], max_length=7)),
                ('note', models.CharField(blank=True, help_text='what was found, or agreed', max_length=200)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='WatchRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unseen_days', models.PositiveSmallIntegerField(blank=True, default=2, help_text='after the hand-over without any scan of the carrier', null=True)),
                ('silent_days', models.PositiveSmallIntegerField(blank=True, default=3, help_text='on the road since the last scan', null=True)),
                ('late_days', models.PositiveSmallIntegerField(blank=True, default=0, help_text='after the evening on which it was to arrive', null=True)),
                ('tells_customer', models.BooleanField(default=True, help_text='once for each kind of trouble; what the carrier has not seen is only shown to us')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='parcel',
            index=models.Index(condition=models.Q(('status__in', ['shipped', 'handed_over'])), fields=['shipped_at'], name='parcel_on_road'),
        ),
        migrations.AddConstraint(
            model_name='manifest',
            constraint=models.UniqueConstraint(models.F('location'), django.db.models.functions.comparison.Coalesce(models.F('carrier'), models.Value(0)), condition=models.Q(('handed_over_at__isnull', True)), name='manifest_one_open'),
        ),
        migrations.AddConstraint(
            model_name='manifest',
            constraint=models.CheckConstraint(condition=models.Q(('handed_over_at__isnull', True), models.Q(('handed_over_by', ''), _negated=True), _connector='OR'), name='manifest_closed_by_someone'),
        ),
        migrations.AddField(
            model_name='parcelcase',
            name='parcel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='fulfilment.parcel'),
        ),
        migrations.AddField(
            model_name='watchrule',
            name='carrier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watch_rules', to='fulfilment.carrier'),
        ),
        migrations.AddField(
            model_name='watchrule',
            name='channel',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watch_rules', to='orders.channel'),
        ),
        migrations.AddIndex(
            model_name='parcelcase',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['since'], name='parcel_case_open'),
        ),
        migrations.AddConstraint(
            model_name='parcelcase',
            constraint=models.UniqueConstraint(fields=('parcel', 'kind', 'since'), name='parcel_case_once'),
        ),
        migrations.AddConstraint(
            model_name='parcelcase',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('parcel',), name='parcel_case_one_open'),
        ),
        migrations.AddConstraint(
            model_name='parcelcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by', ''), ('outcome', '')), models.Q(('closed_at__isnull', False), models.Q(('closed_by', ''), _negated=True), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='parcel_case_closed_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='watchrule',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Coalesce(models.F('channel'), models.Value(0)), django.db.models.functions.comparison.Coalesce(models.F('carrier'), models.Value(0)), name='watch_rule_once'),
        ),
        migrations.CreateModel(
            name='WaveOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cart', models.PositiveSmallIntegerField(help_text='1 is released first')),
                ('state', models.CharField(choices=[('planned', 'to be released'), ('released', 'on a list'), ('left_out', 'left out'), ('back', 'back on the board')], default='planned', max_length=8)),
                ('why', models.CharField(blank=True, help_text='it was left out', max_length=200)),
            ],
            options={
                'ordering': ['wave', 'cart', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='WavePreset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('due', models.CharField(choices=[('any', 'whenever it leaves'), ('cutoff', 'with the next cut-off, or late'), ('today', 'today, or late'), ('late', 'late')], default='cutoff', max_length=6, verbose_name='leaves')),
                ('due_hours', models.PositiveSmallIntegerField(blank=True, help_text='leaves within so many hours; empty: any', null=True, validators=[django.core.validators.MaxValueValidator(720)])),
                ('priority', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Urgent'), (3, 'High'), (5, 'Normal'), (7, 'Low')], help_text='this urgent or more; empty: any', null=True)),
                ('method', models.CharField(blank=True, choices=[('standard', 'Standard'), ('express', 'Express'), ('pickup', 'store pickup'), ('digital', 'Digital')], help_text='empty: any', max_length=10, verbose_name='shipping method')),
                ('goes_by', models.CharField(blank=True, choices=[('ship', 'parcel'), ('pickup', 'store pickup'), ('dropship', 'supplier sends it'), ('digital', 'Digital')], help_text='parcels only, or store pickups only; empty: both', max_length=8)),
                ('zone', models.CharField(blank=True, help_text='orders that lie in this zone whole; empty: any', max_length=10)),
                ('size', models.CharField(choices=[('any', 'any'), ('line', 'one line'), ('piece', 'one piece'), ('more', 'more than one line')], default='any', max_length=5)),
                ('most_orders', models.PositiveIntegerField(default=200, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)])),
                ('mode', models.CharField(choices=[('discrete', 'one order a walk'), ('cluster', 'several orders, a tote each'), ('batch', 'several orders in one container, sorted at packing')], default='cluster', max_length=8, verbose_name='picked')),
                ('totes', models.PositiveSmallIntegerField(default=12, help_text='orders a cart', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)])),
                ('most_pieces', models.PositiveIntegerField(blank=True, help_text='on one cart; empty: any', null=True)),
                ('most_weight_g', models.PositiveIntegerField(blank=True, help_text='on one cart, in grams; empty: any', null=True, verbose_name='most weight')),
                ('most_litres', models.PositiveIntegerField(blank=True, help_text='volume on one cart; empty: any', null=True)),
                ('verifies_totes', models.BooleanField(default=False, help_text='the picker scans the tote that a piece goes into', verbose_name='scan totes')),
                ('is_automatic', models.BooleanField(default=False, verbose_name='by itself')),
                ('times', models.CharField(blank=True, help_text="of working days, in the location's zone: 08:00 11:30", max_length=60, validators=[fulfilment.models.wave.check_times])),
                ('when_ready', models.PositiveIntegerField(blank=True, help_text='as soon as so many orders are ready; empty: by the clock only', null=True, validators=[django.core.validators.MinValueValidator(1)])),
                ('last_slot', models.CharField(blank=True, editable=False, help_text='the time it was released for', max_length=16)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['location', 'name'],
            },
        ),
        migrations.AddField(
            model_name='picklist',
            name='cart',
            field=models.PositiveSmallIntegerField(blank=True, help_text='its number in the wave', null=True),
        ),
        migrations.AddField(
            model_name='picklist',
            name='metres',
            field=models.PositiveIntegerField(blank=True, help_text='the walk, as it was planned', null=True),
        ),
        migrations.AddField(
            model_name='picklist',
            name='mode',
            field=models.CharField(choices=[('discrete', 'one order a walk'), ('cluster', 'several orders, a tote each'), ('batch', 'several orders in one container, sorted at packing')], default='cluster', max_length=8),
        ),
        migrations.AddField(
            model_name='picklist',
            name='verifies_totes',
            field=models.BooleanField(default=False, help_text='the picker scans the tote of each piece'),
        ),
        migrations.CreateModel(
            name='RefusedScan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('bin', 'another bin'), ('item', 'another item'), ('tote', 'another tote'), ('packed', 'wrong in the tote')], max_length=6)),
                ('code', models.CharField(max_length=48, verbose_name='scanned')),
                ('scanned_by', models.CharField(max_length=40)),
                ('picked_by', models.CharField(blank=True, help_text='who picked it, when the packer found it', max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('bin', models.ForeignKey(blank=True, help_text='of the pick', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bin')),
                ('fulfilment_order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fulfilment.fulfilmentorder')),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('sku', models.ForeignKey(help_text='asked for; packing: found', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Wave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='of its preset, then', max_length=40)),
                ('rule', models.JSONField(default=dict, help_text='its preset as it was')),
                ('status', models.CharField(choices=[('draft', 'previewed'), ('released', 'Released'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='draft', editable=False, max_length=9)),
                ('figures', models.JSONField(default=dict, help_text='what the preview said')),
                ('cutoff_at', models.DateTimeField(blank=True, help_text='the first cut-off of its orders', null=True)),
                ('slot', models.CharField(blank=True, help_text='the local time that the clock released it for', max_length=16)),
                ('is_stopped', models.BooleanField(default=False, help_text='no more lists are made until it goes on')),
                ('created_by', models.CharField(default='system', max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('released_by', models.CharField(blank=True, max_length=40)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waves', to='inventory.location')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='picklist',
            name='wave',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pick_lists', to='fulfilment.wave'),
        ),
        migrations.AddConstraint(
            model_name='picklist',
            constraint=models.UniqueConstraint(fields=('wave', 'cart'), name='pick_list_once_per_cart'),
        ),
        migrations.AddField(
            model_name='waveorder',
            name='fulfilment_order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wave_orders', to='fulfilment.fulfilmentorder'),
        ),
        migrations.AddField(
            model_name='waveorder',
            name='pick_list',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wave_orders', to='fulfilment.picklist'),
        ),
        migrations.AddField(
            model_name='waveorder',
            name='wave',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='orders', to='fulfilment.wave'),
        ),
        migrations.AddField(
            model_name='wavepreset',
            name='carrier',
            field=models.ForeignKey(blank=True, help_text='of channels whose shipping rule prefers it; empty: any', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fulfilment.carrier'),
        ),
        migrations.AddField(
            model_name='wavepreset',
            name='channel',
            field=models.ForeignKey(blank=True, help_text='empty: any', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.channel'),
        ),
        migrations.AddField(
            model_name='wavepreset',
            name='location',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wave_presets', to='inventory.location'),
        ),
        migrations.AddField(
            model_name='wave',
            name='preset',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='waves', to='fulfilment.wavepreset'),
        ),
        migrations.AddIndex(
            model_name='refusedscan',
            index=models.Index(fields=['location', 'at'], name='refused_scan_by_day'),
        ),
        migrations.AddConstraint(
            model_name='waveorder',
            constraint=models.UniqueConstraint(fields=('wave', 'fulfilment_order'), name='order_once_per_wave'),
        ),
        migrations.AddConstraint(
            model_name='waveorder',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'released')), fields=('fulfilment_order',), name='order_on_one_list_of_waves'),
        ),
        migrations.AddConstraint(
            model_name='waveorder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'released'), _negated=True), ('pick_list__isnull', False), _connector='OR'), name='wave_order_released_has_list'),
        ),
        migrations.AddConstraint(
            model_name='wavepreset',
            constraint=models.UniqueConstraint(fields=('location', 'name'), name='wave_preset_once_per_location'),
        ),
        migrations.AddIndex(
            model_name='wave',
            index=models.Index(condition=models.Q(('status__in', ['draft', 'released'])), fields=['location', '-id'], name='wave_open'),
        ),
        migrations.AddConstraint(
            model_name='wave',
            constraint=models.UniqueConstraint(condition=models.Q(('slot', ''), _negated=True), fields=('preset', 'slot'), name='wave_once_per_slot'),
        ),
        migrations.AddConstraint(
            model_name='wave',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'released'), _negated=True), ('released_at__isnull', False), _connector='OR'), name='wave_released_has_moment'),
        ),
        migrations.AddField(
            model_name='fulfilmentorder',
            name='pickup_refused',
            field=models.PositiveSmallIntegerField(default=0, help_text='how often somebody showed a wrong code'),
        ),
        migrations.AddField(
            model_name='fulfilmentorder',
            name='pickup_reminded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='picklist',
            name='first',
            field=models.ForeignKey(editable=False, help_text='whose totes it takes over', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='later', to='fulfilment.picklist'),
        ),
        migrations.AddField(
            model_name='picklist',
            name='naive_m',
            field=models.PositiveIntegerField(editable=False, help_text='metres of an S-shaped walk past the same bins', null=True, verbose_name='S-shaped'),
        ),
        migrations.AddField(
            model_name='picklist',
            name='walk_m',
            field=models.PositiveIntegerField(editable=False, help_text='metres; none: no floor plan', null=True, verbose_name='walk'),
        ),
        migrations.AddField(
            model_name='picklist',
            name='zone',
            field=models.CharField(blank=True, editable=False, help_text='of its bins; none: of any zone', max_length=10),
        ),
        migrations.AddField(
            model_name='trackingevent',
            name='photo_url',
            field=models.URLField(blank=True, help_text="the carrier's picture of where it lies", max_length=300, verbose_name='photo'),
        ),
        migrations.AddField(
            model_name='trackingevent',
            name='signed_by',
            field=models.CharField(blank=True, help_text='who took it', max_length=100),
        ),
        migrations.AlterField(
            model_name='picklist',
            name='metres',
            field=models.PositiveIntegerField(blank=True, help_text='the walk as its wave planned it', null=True),
        ),
        migrations.CreateModel(
            name='CartonType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('box', 'carton'), ('mailer', 'Mailer')], default='box', max_length=6)),
                ('inner_length_mm', models.PositiveIntegerField(verbose_name='inner length, mm')),
                ('inner_width_mm', models.PositiveIntegerField(verbose_name='inner width, mm')),
                ('inner_height_mm', models.PositiveIntegerField(help_text='of a mailer: how thick it may become, taken off its length and width', verbose_name='inner height, mm')),
                ('outer_length_mm', models.PositiveIntegerField(verbose_name='outer length, mm')),
                ('outer_width_mm', models.PositiveIntegerField(verbose_name='outer width, mm')),
                ('outer_height_mm', models.PositiveIntegerField(verbose_name='outer height, mm')),
                ('weight_g', models.PositiveIntegerField(default=0, verbose_name='own weight, g')),
                ('max_weight_g', models.PositiveIntegerField(default=0, help_text='with the carton; 0: whatever fits', verbose_name='most weight, g')),
                ('price', oms.lib.money.MoneyField(default=0, help_text="what one costs us, in the seller's currency")),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='ParcelCarton',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('length_mm', models.PositiveIntegerField(blank=True, null=True)),
                ('width_mm', models.PositiveIntegerField(blank=True, null=True)),
                ('height_mm', models.PositiveIntegerField(blank=True, null=True)),
                ('layout', models.JSONField(blank=True, default=list, help_text='of the proposal: SKU id, corner, sides as each piece lies, mm')),
                ('expected_weight_g', models.PositiveIntegerField(blank=True, help_text='goods and carton', null=True)),
            ],
        ),
        migrations.AddField(
            model_name='parcel',
            name='asked_at',
            field=models.DateTimeField(blank=True, help_text='when its carrier was last asked where it is', null=True),
        ),
        migrations.AddIndex(
            model_name='parcel',
            index=models.Index(condition=models.Q(('status__in', ['shipped', 'handed_over'])), fields=['asked_at'], name='parcel_on_the_way'),
        ),
        migrations.AddField(
            model_name='cartontype',
            name='locations',
            field=models.ManyToManyField(blank=True, help_text='where it lies; none: all', related_name='+', to='inventory.location'),
        ),
        migrations.AddField(
            model_name='parcelcarton',
            name='carton',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='fulfilment.cartontype'),
        ),
        migrations.AddField(
            model_name='parcelcarton',
            name='parcel',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='packed_in', to='fulfilment.parcel'),
        ),
        migrations.AddField(
            model_name='parcelcarton',
            name='proposed',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposed_for', to='fulfilment.cartontype'),
        ),
        migrations.AddConstraint(
            model_name='cartontype',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='carton_code_once'),
        ),
        migrations.AddConstraint(
            model_name='cartontype',
            constraint=models.CheckConstraint(condition=models.Q(('inner_height_mm__gt', 0), ('inner_length_mm__gt', 0), ('inner_width_mm__gt', 0), ('outer_height_mm__gte', models.F('inner_height_mm')), ('outer_height_mm__lte', 10000), ('outer_length_mm__gte', models.F('inner_length_mm')), ('outer_length_mm__lte', 10000), ('outer_width_mm__gte', models.F('inner_width_mm')), ('outer_width_mm__lte', 10000)), name='carton_holds_less_than_it_takes', violation_error_message='Inner sides are above 0, no longer than the outer ones; those at most 10 m.'),
        ),
        migrations.AddConstraint(
            model_name='cartontype',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'mailer'), _negated=True), models.Q(('inner_length_mm__gt', models.F('inner_height_mm')), ('inner_width_mm__gt', models.F('inner_height_mm'))), _connector='OR'), name='mailer_thinner_than_wide', violation_error_message='A mailer is thinner than it is long and wide.'),
        ),
        migrations.AddConstraint(
            model_name='cartontype',
            constraint=models.CheckConstraint(condition=models.Q(('max_weight_g', 0), ('max_weight_g__gt', models.F('weight_g')), _connector='OR'), name='carton_bears_its_weight', violation_error_message='It holds more than it weighs itself (0: whatever fits).'),
        ),
        migrations.AddConstraint(
            model_name='cartontype',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='carton_price_positive'),
        ),
        migrations.AddConstraint(
            model_name='parcelcarton',
            constraint=models.CheckConstraint(condition=models.Q(('length_mm__isnull', True), ('carton__isnull', False), _connector='OR'), name='parcel_carton_gives_its_sides'),
        ),
    ]
