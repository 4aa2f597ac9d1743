import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
import inventory.models.sku
import oms.lib.money
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Bin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('shelf', 'Shelf'), ('bulk', 'bulk: refills pick faces'), ('dock', 'Dock'), ('stage', 'Stage'), ('quarantine', 'Quarantine')], default='shelf', max_length=10)),
                ('zone', models.CharField(blank=True, max_length=10)),
                ('aisle', models.CharField(blank=True, max_length=10)),
                ('level', models.PositiveSmallIntegerField(default=0, help_text='0 is the floor')),
                ('sort_key', models.CharField(editable=False, help_text='natural order of the code', max_length=60)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['location', 'sort_key'],
            },
        ),
        migrations.CreateModel(
            name='Location',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('warehouse', 'Warehouse'), ('store', 'Store'), ('3pl', '3PL'), ('supplier', 'Supplier'), ('digital', 'Digital')], default='warehouse', max_length=10)),
                ('tracks_stock', models.BooleanField(default=True, help_text='no: whatever is asked is taken to be there')),
                ('address', models.JSONField(blank=True, default=dict, help_text='name, line1, line2, city, region, postcode, country')),
                ('tz', models.CharField(default='UTC', max_length=40, verbose_name='time zone')),
                ('cutoff', models.TimeField(blank=True, help_text='orders after it leave the next day', null=True, verbose_name='cut-off')),
                ('handling_days', models.PositiveSmallIntegerField(default=0, help_text='working days before an order leaves; 0: the same day', validators=[django.core.validators.MaxValueValidator(60)])),
                ('answer_hours', models.PositiveSmallIntegerField(default=24, help_text='a supplier that has not taken a request on by then is asked again, and CS is told')),
                ('handling_cost', models.DecimalField(decimal_places=2, default=0, help_text='per shipment', max_digits=8)),
                ('daily_capacity', models.PositiveIntegerField(blank=True, help_text='orders it can begin a day, pickups too; sourcing gives it no more. Empty: any', null=True)),
                ('allows_pickup', models.BooleanField(default=False)),
                ('counts_a_day', models.PositiveSmallIntegerField(default=20, help_text='bins whose cycle count is opened a day at most; 0: none')),
                ('recount_pieces', models.PositiveIntegerField(blank=True, help_text='a difference of more pieces is counted again by somebody else', null=True)),
                ('recount_percent', models.PositiveSmallIntegerField(blank=True, help_text='a difference of more percent of the book is counted again by somebody else', null=True)),
                ('drift_pieces', models.PositiveIntegerField(blank=True, default=3, help_text='when more pieces of a SKU than these are missing within 90 days, a lead is told; empty: never', null=True)),
                ('approve_count_over', oms.lib.money.MoneyField(blank=True, help_text="a count whose differences are worth more waits for a lead's approval", null=True)),
                ('is_active', models.BooleanField(default=True)),
                ('partner', models.ForeignKey(blank=True, help_text='the 3PL or supplier who runs it and sees its work in the API', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='locations', to='partners.partner')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='CountSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counted_at', models.DateTimeField(help_text='what was there at this moment')),
                ('status', models.CharField(choices=[('open', 'Open'), ('recount', 'Recount'), ('to_approve', 'to approve'), ('posted', 'Posted'), ('cancelled', 'Cancelled')], default='open', max_length=10)),
                ('origin', models.CharField(choices=[('console', 'Console'), ('import', 'Import'), ('cycle', 'Cycle')], default='console', max_length=7)),
                ('opened_by', models.CharField(default='system', max_length=40)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('recount_at', models.DateTimeField(blank=True, help_text='the moment of what was counted again', null=True)),
                ('submitted_by', models.CharField(blank=True, help_text='who asked for the approval', max_length=40)),
                ('approved_by', models.CharField(blank=True, max_length=40)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('posted_by', models.CharField(blank=True, max_length=40)),
                ('posted_at', models.DateTimeField(blank=True, null=True)),
                ('bin', models.ForeignKey(blank=True, help_text='all that is counted lies there', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bin')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='inventory.location')),
            ],
            options={
                'verbose_name': 'count',
                'ordering': ['-pk'],
                'permissions': [('approve_count', 'Can approve counts with large differences')],
            },
        ),
        migrations.AddField(
            model_name='bin',
            name='location',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bins', to='inventory.location'),
        ),
        migrations.CreateModel(
            name='LocationHoliday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('name', models.CharField(blank=True, max_length=60)),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holidays', to='inventory.location')),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='PickFace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minimum', models.PositiveIntegerField(help_text='pieces below which it is refilled')),
                ('maximum', models.PositiveIntegerField(help_text='pieces that fit')),
                ('bin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pick_faces', to='inventory.bin')),
            ],
            options={
                'ordering': ['bin__location', 'bin__sort_key', 'sku__code'],
            },
        ),
        migrations.CreateModel(
            name='PurchaseOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('approved', 'Approved'), ('sent', 'Sent'), ('confirmed', 'Confirmed'), ('part_received', 'part received'), ('received', 'Received'), ('closed_short', 'closed short'), ('cancelled', 'Cancelled')], default='draft', editable=False, max_length=13)),
                ('currency', models.CharField(help_text='ISO 4217', max_length=3)),
                ('home_currency', models.CharField(help_text='ISO 4217: what our costs are in', max_length=3)),
                ('home_rate', models.DecimalField(decimal_places=8, default=1, help_text="home currency for one unit of the order's", max_digits=16)),
                ('bill_to', models.JSONField(blank=True, default=dict, help_text='who buys: name, vat_id, line1, city …')),
                ('supplier_reference', models.CharField(blank=True, help_text="the supplier's own order number", max_length=60)),
                ('note', models.CharField(blank=True, help_text='for the supplier, printed on the order', max_length=1000)),
                ('key', models.CharField(editable=False, help_text='idempotency key of whoever drafted it', max_length=80, null=True)),
                ('created_by', models.CharField(default='system', max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_by', models.CharField(default='system', help_text='who last changed its lines', max_length=40)),
                ('approved_by', models.CharField(blank=True, max_length=40)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, help_text='received, closed short or cancelled', null=True)),
                ('end_reason', models.CharField(blank=True, max_length=200)),
                ('version', models.PositiveIntegerField(default=1, help_text="counts changes: the API's ETag")),
                ('event_counter', models.PositiveIntegerField(default=0, editable=False)),
                ('location', models.ForeignKey(help_text='where the goods go', on_delete=django.db.models.deletion.PROTECT, related_name='purchases', to='inventory.location')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('approve_purchaseorder', 'Can approve purchase orders'), ('send_purchaseorder', 'Can send purchase orders to suppliers'), ('accept_over_delivery', 'Can accept more than was ordered')],
            },
        ),
        migrations.CreateModel(
            name='PurchaseLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('supplier_code', models.CharField(blank=True, help_text='what the supplier calls it', max_length=40)),
                ('quantity', models.PositiveIntegerField(help_text='pieces ordered')),
                ('received', models.PositiveIntegerField(default=0, help_text='pieces that came, good or damaged')),
                ('cost', oms.lib.money.MoneyField(default=Decimal('0'), help_text="of one piece, in the order's currency")),
                ('expected_on', models.DateField(blank=True, help_text='by the late lead time, set when it is sent', null=True)),
                ('confirmed_on', models.DateField(blank=True, help_text='the day the supplier named', null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='inventory.purchaseorder')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delivery_note', models.CharField(blank=True, help_text="the number on the supplier's paper", max_length=60)),
                ('freight', oms.lib.money.MoneyField(default=Decimal('0'), help_text='what carrying it here cost, in our currency')),
                ('duty', oms.lib.money.MoneyField(default=Decimal('0'), help_text='customs, in our currency')),
                ('costed_at', models.DateTimeField(blank=True, help_text='when freight and duty went into unit costs', null=True)),
                ('received_by', models.CharField(default='system', max_length=40)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='inventory.location')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='inventory.purchaseorder')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='RefillTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(help_text='pieces to carry')),
                ('moved', models.PositiveIntegerField(default=0, help_text='pieces carried')),
                ('status', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='open', max_length=9)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_by', models.CharField(blank=True, max_length=40)),
                ('face', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='inventory.pickface')),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='refills', to='inventory.location')),
                ('source', models.ForeignKey(help_text='bulk bin to take them from', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bin')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ShipmentNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delivery_note', models.CharField(help_text='what the dock scans', max_length=60)),
                ('carrier', models.CharField(blank=True, max_length=60)),
                ('tracking_number', models.CharField(blank=True, max_length=60)),
                ('arrives_on', models.DateField()),
                ('actor', models.CharField(max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='inventory.purchaseorder')),
            ],
            options={
                'verbose_name': 'announced shipment',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='NoticeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(help_text='pieces')),
                ('purchase_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notice_lines', to='inventory.purchaseline')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='inventory.shipmentnotice')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Sku',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('physical', 'Physical'), ('digital', 'Digital'), ('service', 'Service'), ('kit', 'Kit')], default='physical', max_length=10)),
                ('tax_class', models.CharField(default='standard', help_text='standard, reduced, zero …', max_length=20)),
                ('image', models.ImageField(blank=True, upload_to='skus/', validators=[inventory.models.sku.check_picture])),
                ('weight_g', models.PositiveIntegerField(default=0)),
                ('length_mm', models.PositiveIntegerField(default=0)),
                ('width_mm', models.PositiveIntegerField(default=0)),
                ('height_mm', models.PositiveIntegerField(default=0)),
                ('is_fragile', models.BooleanField(default=False)),
                ('is_hazmat', models.BooleanField(default=False, verbose_name='hazardous')),
                ('hs_code', models.CharField(blank=True, max_length=12, verbose_name='HS code')),
                ('origin', models.CharField(blank=True, help_text='country of origin, ISO 3166', max_length=2)),
                ('tracking', models.CharField(choices=[('none', 'by number of pieces'), ('lot', 'by lot'), ('serial', 'by serial number')], default='none', help_text='how its pieces are told apart', max_length=6)),
                ('unit_cost', oms.lib.money.MoneyField(default=0, help_text="what one piece costs us, in the seller's currency")),
                ('attributes', models.JSONField(blank=True, default=dict, help_text='size, colour …')),
                ('is_active', models.BooleanField(default=True, help_text='can be ordered')),
                ('released_on', models.DateField(blank=True, help_text='orders before this day are pre-orders: nothing of them leaves earlier', null=True)),
                ('analogue_scale', models.DecimalField(decimal_places=2, default=1, help_text='pieces sold for each piece of the analogue, as you expect', max_digits=6, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))])),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('analogue', models.ForeignKey(blank=True, help_text='sold like this one: its history is what is forecast from, until six weeks of our own are known', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='launches', to='inventory.sku')),
            ],
            options={
                'verbose_name': 'SKU',
                'verbose_name_plural': 'SKUs',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Serial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='upper case; GS1 AI 21', max_length=40)),
                ('state', models.CharField(choices=[('in_stock', 'in stock'), ('in_transit', 'between two locations'), ('shipped', 'Shipped'), ('returned', 'sent back to the supplier'), ('scrapped', 'Scrapped')], default='in_stock', editable=False, max_length=10)),
                ('subject', models.CharField(blank=True, help_text='for what it last moved: order:5, transfer:2 …', max_length=40)),
                ('is_assumed', models.BooleanField(default=False)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('bin', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='serials', to='inventory.bin')),
                ('location', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='serials', to='inventory.sku')),
            ],
            options={
                'ordering': ['sku', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReorderPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('abc_class', models.CharField(blank=True, choices=[('A', 'A'), ('B', 'B'), ('C', 'C')], help_text='empty: all', max_length=1, verbose_name='class')),
                ('method', models.CharField(choices=[('auto', 'by forecast, each alone'), ('pooled', 'by forecast, all together'), ('min_max', 'fixed minimum and maximum')], default='auto', help_text='all together: the service level is their mean, which takes less money in stock', max_length=7)),
                ('minimum', models.PositiveIntegerField(blank=True, help_text='pieces at which it is bought again', null=True)),
                ('maximum', models.PositiveIntegerField(blank=True, help_text='pieces that it is filled up to', null=True)),
                ('service_percent', models.DecimalField(decimal_places=1, default=95, help_text='percent of waits for a delivery that shall pass without a shortage', max_digits=4, validators=[django.core.validators.MinValueValidator(Decimal('50')), django.core.validators.MaxValueValidator(Decimal('99.9'))], verbose_name='service level')),
                ('review_days', models.PositiveSmallIntegerField(default=7, help_text='days from one look of the buyer to the next', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)])),
                ('order_cost', oms.lib.money.MoneyField(default=Decimal('5'), help_text='what ordering and receiving one line costs us')),
                ('holding_percent', models.PositiveSmallIntegerField(default=20, help_text="of a piece's cost: what keeping it for a year costs us", validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(200)])),
                ('budget', oms.lib.money.MoneyField(blank=True, help_text='most that may be bought under it in 30 days, at home', null=True)),
                ('pooled_worth', models.FloatField(editable=False, help_text='all together: the chance of being needed from which a piece that costs 1 is kept', null=True)),
                ('pooled_dispersion', models.FloatField(editable=False, help_text='all together: variance over mean of the demand of a usual one', null=True)),
                ('is_automatic', models.BooleanField(default=False, help_text="within its budget, and below the supplier's limit", verbose_name='orders by itself')),
                ('location', models.ForeignKey(blank=True, help_text='empty: everywhere', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='policies', to='inventory.location')),
                ('sku', models.ForeignKey(blank=True, help_text='empty: all', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='policies', to='inventory.sku', verbose_name='SKU')),
            ],
            options={
                'verbose_name_plural': 'reorder policies',
                'ordering': ['sku__code', 'abc_class', 'location__code'],
            },
        ),
        migrations.CreateModel(
            name='ReceiptLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('good', models.PositiveIntegerField(default=0, help_text='pieces')),
                ('damaged', models.PositiveIntegerField(default=0, help_text='pieces, put in quarantine')),
                ('over', models.PositiveIntegerField(default=0, help_text='of these, pieces nobody ordered')),
                ('cost', oms.lib.money.MoneyField(default=Decimal('0'), help_text='of one piece in our currency, without freight and duty')),
                ('landed_cost', oms.lib.money.MoneyField(blank=True, help_text='of one piece in our currency, with freight and duty', null=True)),
                ('key', models.CharField(help_text='idempotency key of the scanner', max_length=80, null=True)),
                ('actor', models.CharField(default='system', max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('purchase_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipt_lines', to='inventory.purchaseline')),
                ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='inventory.receipt')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipt_lines', to='inventory.sku')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='purchaseline',
            name='sku',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='purchase_lines', to='inventory.sku'),
        ),
        migrations.AddField(
            model_name='pickface',
            name='sku',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pick_faces', to='inventory.sku', verbose_name='SKU'),
        ),
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='batch or lot number, upper case; GS1 AI 10', max_length=40)),
                ('expires_on', models.DateField(blank=True, help_text='the last day on which it may be sold', null=True)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reference', models.CharField(blank=True, help_text='the delivery note it came with', max_length=60)),
                ('blocked_at', models.DateTimeField(blank=True, null=True)),
                ('block_reason', models.CharField(blank=True, max_length=200)),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='inventory.sku', verbose_name='SKU')),
            ],
            options={
                'ordering': ['expires_on', 'pk'],
                'permissions': [('block_lot', 'Can block lots and let them go again')],
            },
        ),
        migrations.CreateModel(
            name='KitComponent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(help_text='pieces in one kit')),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_kits', to='inventory.sku')),
                ('kit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='components', to='inventory.sku')),
            ],
        ),
        migrations.CreateModel(
            name='Forecast',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(help_text='Monday of the first week that it is about')),
                ('made_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('new', 'new: too little history'), ('smooth', 'steady'), ('seasonal', 'Seasonal'), ('intermittent', 'now and then')], max_length=12)),
                ('method', models.CharField(choices=[('ensemble', 'its own history'), ('analogue', 'the history of its analogue')], default='ensemble', max_length=20)),
                ('abc_class', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C')], default='C', max_length=1, verbose_name='class')),
                ('service_percent', models.FloatField(help_text='service level its policy asks for', null=True)),
                ('mean', models.JSONField(help_text='pieces in each week to come')),
                ('expected', models.FloatField(default=0, help_text='pieces in its first week')),
                ('variance', models.FloatField(help_text="of a week's pieces, squared")),
                ('step', models.FloatField(default=0, help_text='mean squared change from week to week: what RMSSE is measured by')),
                ('actual', models.FloatField(help_text='pieces that were ordered in the week, returns taken off', null=True)),
                ('days_out', models.PositiveSmallIntegerField(help_text='days of the week without a piece to sell', null=True)),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inventory.location')),
                ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='forecasts', to='inventory.sku', verbose_name='SKU')),
            ],
            options={
                'ordering': ['-week', 'sku', 'location'],
            },
        ),
        migrations.CreateModel(
            name='CountLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counted', models.PositiveIntegerField(help_text='pieces')),
                ('counted_by', models.CharField(default='system', max_length=40)),
                ('is_doubtful', models.BooleanField(default=False, help_text='over the tolerance: somebody else counts it again')),
                ('first_counted', models.PositiveIntegerField(blank=True, help_text='pieces, before it was counted again', null=True)),
                ('recounted_by', models.CharField(blank=True, max_length=40)),
                ('expected', models.IntegerField(blank=True, help_text='pieces the book says were there', null=True)),
                ('difference', models.IntegerField(blank=True, help_text='pieces posted', null=True)),
                ('problem', models.CharField(blank=True, help_text='why it could not be posted', max_length=200)),
                ('bin', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bin')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='inventory.countsession')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='CountClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letter', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C')], max_length=1)),
                ('pieces', models.IntegerField(help_text='shipped in the last 90 days')),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inventory.location')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inventory.sku')),
            ],
            options={
                'verbose_name': 'count class',
                'verbose_name_plural': 'count classes',
                'ordering': ['location', 'letter', 'sku'],
            },
        ),
        migrations.CreateModel(
            name='BinStock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.IntegerField(help_text='pieces')),
                ('withheld', models.IntegerField(default=0, help_text='pieces of an expired or blocked lot, out of sale')),
                ('bin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='inventory.bin')),
                ('lot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held', to='inventory.lot')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
            ],
            options={
                'ordering': ['bin__sort_key', 'sku__code'],
            },
        ),
        migrations.CreateModel(
            name='SkuBarcode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='GTIN or any other code, upper case', max_length=48, unique=True)),
                ('pieces', models.PositiveIntegerField(default=1, help_text='pieces per scan')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='barcodes', to='inventory.sku')),
            ],
        ),
        migrations.CreateModel(
            name='StockAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('low', 'low stock'), ('drift', 'keeps missing')], max_length=5)),
                ('pieces', models.IntegerField(help_text='available; of a drift: found less lost')),
                ('limit', models.IntegerField(help_text='the reorder point; of a drift: what is tolerated')),
                ('times', models.PositiveIntegerField(default=0, help_text='days on which some were missing')),
                ('raised_at', models.DateTimeField(auto_now_add=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.CharField(blank=True, max_length=40)),
                ('note', models.CharField(blank=True, help_text='what was found', max_length=200)),
                ('bin', models.ForeignKey(blank=True, help_text='where most of a loss was found', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inventory.bin')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inventory.location')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='inventory.sku', verbose_name='SKU')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='StockEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bucket', models.CharField(choices=[('on_hand', 'on hand'), ('reserved', 'reserved'), ('unavailable', 'unavailable')], max_length=11)),
                ('delta', models.IntegerField(help_text='pieces')),
                ('balance_after', models.IntegerField(help_text="pieces in the level's bucket")),
                ('reason', models.CharField(help_text='reserve, release, receive, move, ship, adjust code …', max_length=20)),
                ('subject', models.CharField(blank=True, help_text='order:5, count:2 …', max_length=40)),
                ('key', models.CharField(help_text='idempotency key: a second entry is refused', max_length=80, null=True)),
                ('actor', models.CharField(default='system', max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recorded_at', models.DateTimeField(blank=True, help_text="when it was written, where it holds since another moment: a count's", null=True)),
                ('unit_cost', oms.lib.money.MoneyField(blank=True, help_text='what one piece cost on average then; entries of what is on hand have it', null=True)),
                ('bin', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bin')),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('lot', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.lot')),
                ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='inventory.sku')),
            ],
            options={
                'verbose_name_plural': 'stock entries',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SerialEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='inventory.serial')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='serials', to='inventory.stockentry')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='StockLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_hand', models.IntegerField(default=0, help_text='pieces in the building')),
                ('reserved', models.IntegerField(default=0, help_text='pieces promised to orders and transfers')),
                ('unavailable', models.IntegerField(default=0, help_text='pieces damaged or in quarantine')),
                ('safety', models.IntegerField(default=0, help_text='pieces never promised')),
                ('reorder_point', models.PositiveIntegerField(default=0, help_text='pieces at which it is bought again; 0: never')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='inventory.location')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='inventory.sku')),
            ],
            options={
                'ordering': ['sku', 'location'],
                'permissions': [('receive_stock', 'Can book goods in'), ('move_stock', 'Can carry goods from bin to bin'), ('count_stock', 'Can count what is there'), ('adjust_stock', 'Can correct what is on hand and post counts'), ('set_safety', 'Can set safety stock'), ('see_value', 'Can see what the stock is worth')],
            },
        ),
        migrations.CreateModel(
            name='Supplier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=100)),
                ('email', models.EmailField(blank=True, help_text='where purchase orders are sent', max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('address', models.JSONField(blank=True, default=dict, help_text='line1, line2, city, region, postcode, country')),
                ('account_number', models.CharField(blank=True, help_text='the number we have as its customer', max_length=40)),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'German')], default='en', max_length=2)),
                ('currency', models.CharField(default='EUR', help_text='ISO 4217: what its prices are in', max_length=3)),
                ('lead_days', models.PositiveSmallIntegerField(default=14, help_text='days from sending an order to the goods, where nothing was learned yet', verbose_name='lead time')),
                ('lead_days_late', models.PositiveSmallIntegerField(default=21, help_text='days within which nine of ten deliveries come', verbose_name='late lead time')),
                ('approval_over', oms.lib.money.MoneyField(blank=True, help_text='a purchase order worth more is approved by somebody else than its author', null=True)),
                ('free_freight_from', oms.lib.money.MoneyField(blank=True, help_text='it pays the freight of orders from this amount on', null=True)),
                ('over_delivery_percent', models.PositiveSmallIntegerField(default=10, help_text='percent more than ordered that the dock takes without asking', verbose_name='over-delivery')),
                ('is_active', models.BooleanField(default=True)),
                ('location', models.OneToOneField(blank=True, help_text='where orders are sent that it ships to customers itself', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supplier', to='inventory.location', verbose_name='drop-ship location')),
                ('partner', models.ForeignKey(blank=True, help_text='whose API keys see its purchase orders', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='suppliers', to='partners.partner')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.AddField(
            model_name='receipt',
            name='supplier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='inventory.supplier'),
        ),
        migrations.AddField(
            model_name='purchaseorder',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='inventory.supplier'),
        ),
        migrations.AddField(
            model_name='lot',
            name='supplier',
            field=models.ForeignKey(blank=True, help_text='who sent it first', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='inventory.supplier'),
        ),
        migrations.CreateModel(
            name='SupplierReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200)),
                ('key', models.CharField(editable=False, help_text='idempotency key', max_length=80, null=True)),
                ('actor', models.CharField(default='system', max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='inventory.purchaseorder')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='inventory.supplier')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='SupplierReturnLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('supplier_code', models.CharField(blank=True, max_length=40)),
                ('quantity', models.PositiveIntegerField(help_text='pieces')),
                ('cost', oms.lib.money.MoneyField(help_text='of one piece, what we ask back, in our currency')),
                ('bin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.bin')),
                ('lot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.lot')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
                ('supplier_return', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='inventory.supplierreturn')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SupplierSku',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='what the supplier calls it', max_length=40, verbose_name="supplier's code")),
                ('moq', models.PositiveIntegerField(default=1, help_text='fewest pieces it sells at once', validators=[django.core.validators.MinValueValidator(1)], verbose_name='minimum')),
                ('pack_size', models.PositiveIntegerField(default=1, help_text='pieces in a pack: it sells whole packs only', validators=[django.core.validators.MinValueValidator(1)])),
                ('lead_days_p50', models.PositiveSmallIntegerField(blank=True, editable=False, help_text='half of the deliveries came within these days', null=True, verbose_name='usual days')),
                ('lead_days_p90', models.PositiveSmallIntegerField(blank=True, editable=False, help_text='nine of ten deliveries came within these days', null=True, verbose_name='late days')),
                ('is_preferred', models.BooleanField(default=False, help_text='the one we order from unless somebody says otherwise')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suppliers', to='inventory.sku', verbose_name='SKU')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skus', to='inventory.supplier')),
            ],
            options={
                'verbose_name': "supplier's SKU",
                'ordering': ['supplier', 'sku'],
            },
        ),
        migrations.CreateModel(
            name='SupplierPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('min_quantity', models.PositiveIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='from')),
                ('cost', oms.lib.money.MoneyField(validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('1000000000'))])),
                ('supplier_sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='inventory.suppliersku')),
            ],
            options={
                'ordering': ['supplier_sku', 'min_quantity'],
            },
        ),
        migrations.CreateModel(
            name='TableUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text="as the person's computer calls it", max_length=200)),
                ('content', models.BinaryField(default=bytes)),
                ('status', models.CharField(choices=[('checked', 'waiting for you'), ('done', 'taken')], default='checked', max_length=7)),
                ('rows', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done_at', models.DateTimeField(null=True)),
                ('kind', models.CharField(choices=[('skus', 'SKUs'), ('stock', 'counted stock')], max_length=5)),
                ('counted_on', models.DateField(help_text='the stock is what was there when this day began', null=True)),
                ('location', models.ForeignKey(help_text='where stock was counted', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('ready', 'Ready'), ('shipped', 'Shipped'), ('received', 'Received'), ('cancelled', 'Cancelled')], default='draft', max_length=9)),
                ('expected_on', models.DateField(blank=True, help_text='day on which it arrives', null=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('created_by', models.CharField(default='system', max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('shipped_by', models.CharField(blank=True, max_length=40)),
                ('shipped_at', models.DateTimeField(blank=True, null=True)),
                ('received_by', models.CharField(blank=True, max_length=40)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers_out', to='inventory.location', verbose_name='from')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers_in', to='inventory.location', verbose_name='to')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('ship_transfer', 'Can send transfers off')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('a_transfer', 'transfer'), ('buy', 'Buy')], default='buy', max_length=10)),
                ('status', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('edited', 'accepted, edited'), ('declined', 'Declined'), ('expired', 'not needed any more')], default='open', max_length=8)),
                ('pieces', models.PositiveIntegerField(help_text='as proposed')),
                ('decided_pieces', models.PositiveIntegerField(blank=True, help_text='as accepted', null=True)),
                ('cost', oms.lib.money.MoneyField(blank=True, help_text="of one piece, in the supplier's currency", null=True)),
                ('value', oms.lib.money.MoneyField(default=Decimal('0'), help_text='of all pieces, at home')),
                ('is_over_budget', models.BooleanField(default=False)),
                ('days_of_cover', models.FloatField(blank=True, help_text='days until what is here and under way is sold', null=True)),
                ('reason', models.JSONField(default=dict, help_text='the numbers it was made of')),
                ('is_holding', models.BooleanField(default=False, help_text='declined, and nothing has changed since')),
                ('made_at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, max_length=40)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, help_text='why it was declined', max_length=200)),
                ('location', models.ForeignKey(help_text='where the goods go', on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='inventory.location')),
                ('source', models.ForeignKey(blank=True, help_text='where a transfer comes from', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('purchase', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='inventory.purchaseorder')),
                ('policy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='inventory.reorderpolicy')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='inventory.sku', verbose_name='SKU')),
                ('supplier', models.ForeignKey(blank=True, help_text='empty: nobody sells it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='inventory.supplier')),
                ('transfer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='inventory.transfer')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('decide_proposal', 'Can accept and decline proposals')],
            },
        ),
        migrations.CreateModel(
            name='TransferLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(help_text='pieces asked for')),
                ('reserved', models.PositiveIntegerField(default=0)),
                ('shipped', models.PositiveIntegerField(default=0)),
                ('received', models.PositiveIntegerField(default=0, help_text='pieces that came, damaged and surplus ones too')),
                ('over', models.PositiveIntegerField(default=0, help_text='received pieces that nobody had sent')),
                ('damaged', models.PositiveIntegerField(default=0, help_text='received pieces that are unfit')),
                ('lost', models.PositiveIntegerField(default=0, help_text='pieces written off on the way')),
                ('found', models.PositiveIntegerField(default=0, help_text='pieces that had stayed at the source')),
                ('counted', models.PositiveIntegerField(default=0, help_text='fit pieces counted, not booked yet')),
                ('counted_damaged', models.PositiveIntegerField(default=0, help_text='unfit pieces counted, not booked yet')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='inventory.transfer')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TransferRoute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base', oms.lib.money.MoneyField(default=0, help_text='each time goods of an order go along, in the home currency')),
                ('per_kg', oms.lib.money.MoneyField(default=0)),
                ('transit_days', models.PositiveSmallIntegerField(default=1, help_text='working days')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='routes_out', to='inventory.location', verbose_name='from')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='routes_in', to='inventory.location', verbose_name='to')),
            ],
            options={
                'ordering': ['source', 'target'],
            },
        ),
        migrations.AddConstraint(
            model_name='location',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='location_code_once'),
        ),
        migrations.AddIndex(
            model_name='countsession',
            index=models.Index(condition=models.Q(('bin__isnull', False)), fields=['bin', 'posted_at'], name='count_by_bin'),
        ),
        migrations.AddConstraint(
            model_name='countsession',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'recount'), _negated=True), ('recount_at__isnull', False), _connector='OR'), name='count_recount_has_moment'),
        ),
        migrations.AddConstraint(
            model_name='countsession',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', ''), models.Q(('approved_by', models.F('submitted_by')), _negated=True), _connector='OR'), name='count_approved_by_another'),
        ),
        migrations.AddConstraint(
            model_name='countsession',
            constraint=models.UniqueConstraint(condition=models.Q(('origin', 'import')), fields=('location', 'counted_at'), name='count_import_once_per_moment'),
        ),
        migrations.AddConstraint(
            model_name='bin',
            constraint=models.UniqueConstraint(fields=('location', 'code'), name='bin_once_per_location'),
        ),
        migrations.AddConstraint(
            model_name='locationholiday',
            constraint=models.UniqueConstraint(fields=('location', 'day'), name='holiday_once_per_location'),
        ),
        migrations.AddIndex(
            model_name='refilltask',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['location', 'id'], name='refill_task_open'),
        ),
        migrations.AddConstraint(
            model_name='refilltask',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('face',), name='refill_task_one_open_per_face'),
        ),
        migrations.AddConstraint(
            model_name='refilltask',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='refill_task_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='refilltask',
            constraint=models.CheckConstraint(condition=models.Q(('moved__lte', models.F('quantity'))), name='refill_task_no_more_than_asked'),
        ),
        migrations.AddIndex(
            model_name='shipmentnotice',
            index=models.Index(fields=['delivery_note'], name='notice_by_note'),
        ),
        migrations.AddConstraint(
            model_name='shipmentnotice',
            constraint=models.UniqueConstraint(fields=('order', 'delivery_note'), name='notice_once_per_note'),
        ),
        migrations.AddConstraint(
            model_name='shipmentnotice',
            constraint=models.CheckConstraint(condition=models.Q(('delivery_note', ''), _negated=True), name='notice_has_note'),
        ),
        migrations.AddConstraint(
            model_name='noticeline',
            constraint=models.UniqueConstraint(fields=('notice', 'purchase_line'), name='notice_line_once'),
        ),
        migrations.AddConstraint(
            model_name='noticeline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='notice_line_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='sku_code_once'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.CheckConstraint(condition=models.Q(('analogue__isnull', True), models.Q(('analogue', models.F('id')), _negated=True), _connector='OR'), name='sku_not_like_itself'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.CheckConstraint(condition=models.Q(('analogue_scale__gt', 0)), name='sku_analogue_scale_positive'),
        ),
        migrations.AddIndex(
            model_name='serial',
            index=models.Index(fields=['code'], name='serial_by_code'),
        ),
        migrations.AddConstraint(
            model_name='serial',
            constraint=models.UniqueConstraint(fields=('sku', 'code'), name='serial_code_once_per_sku'),
        ),
        migrations.AddConstraint(
            model_name='serial',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bin__isnull', False), ('location__isnull', False), ('state', 'in_stock')), models.Q(models.Q(('state', 'in_stock'), _negated=True), ('bin__isnull', True), ('location__isnull', True)), _connector='OR'), name='serial_in_stock_lies_in_a_bin'),
        ),
        migrations.AddConstraint(
            model_name='reorderpolicy',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Coalesce(models.F('sku'), models.Value(0)), django.db.models.functions.comparison.Coalesce(models.F('location'), models.Value(0)), models.F('abc_class'), name='policy_once'),
        ),
        migrations.AddConstraint(
            model_name='reorderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('sku__isnull', True), ('abc_class', ''), _connector='OR'), name='policy_of_sku_or_class', violation_error_message='Name a SKU or a class, not both.'),
        ),
        migrations.AddConstraint(
            model_name='reorderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('method', 'min_max'), _negated=True), models.Q(('maximum__gt', models.F('minimum')), ('maximum__isnull', False), ('minimum__isnull', False)), _connector='OR'), name='policy_maximum_over_minimum', violation_error_message='A fixed minimum needs a maximum above it.'),
        ),
        migrations.AddConstraint(
            model_name='reorderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('order_cost__gte', 0)), name='policy_order_cost_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='reorderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('budget__isnull', True), ('budget__gte', 0), _connector='OR'), name='policy_budget_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='reorderpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('service_percent__gte', 50), ('service_percent__lt', 100)), name='policy_service_bounded'),
        ),
        migrations.AddConstraint(
            model_name='receiptline',
            constraint=models.UniqueConstraint(fields=('key',), name='receipt_line_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='receiptline',
            constraint=models.CheckConstraint(condition=models.Q(('good__gt', 0), ('damaged__gt', 0), _connector='OR'), name='receipt_line_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='receiptline',
            constraint=models.CheckConstraint(condition=models.Q(('over__lte', django.db.models.expressions.CombinedExpression(models.F('good'), '+', models.F('damaged')))), name='receipt_line_over_bounded'),
        ),
        migrations.AddConstraint(
            model_name='purchaseline',
            constraint=models.UniqueConstraint(fields=('order', 'sku'), name='purchase_line_once_per_sku'),
        ),
        migrations.AddConstraint(
            model_name='purchaseline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='purchase_line_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='purchaseline',
            constraint=models.CheckConstraint(condition=models.Q(('cost__gte', 0)), name='purchase_line_cost_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='pickface',
            constraint=models.UniqueConstraint(fields=('sku', 'bin'), name='pick_face_once_per_sku'),
        ),
        migrations.AddConstraint(
            model_name='pickface',
            constraint=models.CheckConstraint(condition=models.Q(('maximum__gt', models.F('minimum')), ('minimum__gt', 0)), name='pick_face_maximum_above_minimum'),
        ),
        migrations.AddConstraint(
            model_name='kitcomponent',
            constraint=models.UniqueConstraint(fields=('kit', 'component'), name='component_once_per_kit'),
        ),
        migrations.AddConstraint(
            model_name='kitcomponent',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='component_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='kitcomponent',
            constraint=models.CheckConstraint(condition=models.Q(('kit', models.F('component')), _negated=True), name='kit_not_in_itself'),
        ),
        migrations.AddIndex(
            model_name='forecast',
            index=models.Index(fields=['week', 'abc_class'], name='forecast_by_week'),
        ),
        migrations.AddConstraint(
            model_name='forecast',
            constraint=models.UniqueConstraint(fields=('sku', 'location', 'week'), name='forecast_once_a_week'),
        ),
        migrations.AddConstraint(
            model_name='forecast',
            constraint=models.CheckConstraint(condition=models.Q(('variance__gte', 0)), name='forecast_variance_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='countline',
            constraint=models.UniqueConstraint(condition=models.Q(('bin__isnull', False)), fields=('session', 'sku', 'bin'), name='count_line_once_per_bin'),
        ),
        migrations.AddConstraint(
            model_name='countline',
            constraint=models.UniqueConstraint(condition=models.Q(('bin__isnull', True)), fields=('session', 'sku'), name='count_line_once_per_location'),
        ),
        migrations.AddConstraint(
            model_name='countline',
            constraint=models.CheckConstraint(condition=models.Q(('recounted_by', ''), models.Q(('recounted_by', models.F('counted_by')), _negated=True), _connector='OR'), name='count_line_recounted_by_another'),
        ),
        migrations.AddConstraint(
            model_name='countclass',
            constraint=models.UniqueConstraint(fields=('location', 'sku'), name='count_class_once'),
        ),
        migrations.AddConstraint(
            model_name='binstock',
            constraint=models.UniqueConstraint(condition=models.Q(('lot__isnull', True)), fields=('sku', 'bin'), name='bin_stock_once_per_sku'),
        ),
        migrations.AddConstraint(
            model_name='binstock',
            constraint=models.UniqueConstraint(condition=models.Q(('lot__isnull', False)), fields=('sku', 'bin', 'lot'), name='bin_stock_once_per_lot'),
        ),
        migrations.AddConstraint(
            model_name='binstock',
            constraint=models.CheckConstraint(condition=models.Q(('withheld__gte', 0), ('withheld__lte', models.F('quantity'))), name='bin_stock_withholds_what_is_there'),
        ),
        migrations.AddConstraint(
            model_name='binstock',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='bin_stock_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='skubarcode',
            constraint=models.CheckConstraint(condition=models.Q(('pieces__gt', 0)), name='barcode_has_pieces'),
        ),
        migrations.AddIndex(
            model_name='stockalert',
            index=models.Index(fields=['kind', 'closed_at', '-id'], name='stock_alert_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='stockalert',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('kind', 'sku', 'location'), name='stock_alert_open_once'),
        ),
        migrations.AddConstraint(
            model_name='stockalert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by', '')), models.Q(('closed_at__isnull', False), models.Q(('closed_by', ''), _negated=True)), _connector='OR'), name='stock_alert_closed_by_someone'),
        ),
        migrations.AddIndex(
            model_name='stockentry',
            index=models.Index(fields=['sku', 'location', 'id'], name='stock_entry_by_level'),
        ),
        migrations.AddIndex(
            model_name='stockentry',
            index=models.Index(condition=models.Q(('reason__in', ['ship', 'unship'])), fields=['location', 'at'], name='stock_entry_shipped'),
        ),
        migrations.AddIndex(
            model_name='stockentry',
            index=models.Index(condition=models.Q(('reason__in', ['recount', 'lost', 'found', 'pos_overrun', 'other'])), fields=['at'], name='stock_entry_unexplained'),
        ),
        migrations.AddIndex(
            model_name='stockentry',
            index=models.Index(condition=models.Q(('lot__isnull', False)), fields=['lot', 'id'], name='stock_entry_by_lot'),
        ),
        migrations.AddIndex(
            model_name='stockentry',
            index=models.Index(condition=models.Q(('subject', ''), _negated=True), fields=['subject'], name='stock_entry_by_subject'),
        ),
        migrations.AddConstraint(
            model_name='stockentry',
            constraint=models.UniqueConstraint(fields=('key',), name='stock_entry_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='stockentry',
            constraint=models.CheckConstraint(condition=models.Q(('balance_after__gte', 0)), name='stock_entry_balance_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='serialentry',
            constraint=models.UniqueConstraint(fields=('serial', 'entry'), name='serial_once_per_entry'),
        ),
        migrations.AddConstraint(
            model_name='stocklevel',
            constraint=models.UniqueConstraint(fields=('sku', 'location'), name='stock_once_per_sku_and_location'),
        ),
        migrations.AddConstraint(
            model_name='stocklevel',
            constraint=models.CheckConstraint(condition=models.Q(('on_hand__gte', 0), ('reserved__gte', 0), ('safety__gte', 0), ('unavailable__gte', 0)), name='stock_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='stocklevel',
            constraint=models.CheckConstraint(condition=models.Q(('on_hand__gte', django.db.models.expressions.CombinedExpression(models.F('reserved'), '+', models.F('unavailable')))), name='stock_not_oversold'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='supplier_code_once'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('lead_days_late__gte', models.F('lead_days'))), name='supplier_late_is_not_early'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('over_delivery_percent__lte', 100)), name='supplier_over_delivery_bounded'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(fields=['location', '-id'], name='receipt_by_location'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(condition=models.Q(('delivery_note', ''), _negated=True), fields=['delivery_note'], name='receipt_by_note'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('duty__gte', 0), ('freight__gte', 0)), name='receipt_costs_not_negative'),
        ),
        migrations.AddIndex(
            model_name='purchaseorder',
            index=models.Index(fields=['status', '-id'], name='purchase_by_status'),
        ),
        migrations.AddIndex(
            model_name='purchaseorder',
            index=models.Index(fields=['supplier', '-id'], name='purchase_by_supplier'),
        ),
        migrations.AddIndex(
            model_name='purchaseorder',
            index=models.Index(fields=['location', '-id'], name='purchase_by_location'),
        ),
        migrations.AddConstraint(
            model_name='purchaseorder',
            constraint=models.UniqueConstraint(fields=('key',), name='purchase_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='purchaseorder',
            constraint=models.CheckConstraint(condition=models.Q(('home_rate__gt', 0)), name='purchase_rate_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='purchaseorder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['sent', 'confirmed', 'part_received']), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='purchase_underway_was_sent'),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(condition=models.Q(('expires_on__isnull', False)), fields=['expires_on'], name='lot_by_expiry'),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(fields=['code'], name='lot_by_code'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.UniqueConstraint(fields=('sku', 'code'), name='lot_code_once_per_sku'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('blocked_at__isnull', True), models.Q(('block_reason', ''), _negated=True), _connector='OR'), name='lot_block_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='supplierreturn',
            constraint=models.UniqueConstraint(fields=('key',), name='supplier_return_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='supplierreturn',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='supplier_return_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='supplierreturnline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='supplier_return_line_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='suppliersku',
            constraint=models.UniqueConstraint(fields=('supplier', 'sku'), name='supplier_sku_once'),
        ),
        migrations.AddConstraint(
            model_name='suppliersku',
            constraint=models.UniqueConstraint(condition=models.Q(('is_preferred', True)), fields=('sku',), name='supplier_sku_one_preferred'),
        ),
        migrations.AddConstraint(
            model_name='suppliersku',
            constraint=models.CheckConstraint(condition=models.Q(('moq__gt', 0)), name='supplier_sku_minimum'),
        ),
        migrations.AddConstraint(
            model_name='suppliersku',
            constraint=models.CheckConstraint(condition=models.Q(('pack_size__gt', 0)), name='supplier_sku_pack_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='suppliersku',
            constraint=models.CheckConstraint(condition=models.Q(('lead_days_p90__gte', models.F('lead_days_p50'))), name='supplier_sku_late_is_not_early'),
        ),
        migrations.AddConstraint(
            model_name='supplierprice',
            constraint=models.UniqueConstraint(fields=('supplier_sku', 'min_quantity'), name='supplier_price_once_per_step'),
        ),
        migrations.AddConstraint(
            model_name='supplierprice',
            constraint=models.CheckConstraint(condition=models.Q(('min_quantity__gt', 0)), name='supplier_price_from_one'),
        ),
        migrations.AddConstraint(
            model_name='supplierprice',
            constraint=models.CheckConstraint(condition=models.Q(('cost__gte', 0)), name='supplier_price_not_negative'),
        ),
        migrations.AddIndex(
            model_name='tableupload',
            index=models.Index(condition=models.Q(('status', 'checked')), fields=['created_at'], name='table_upload_waiting'),
        ),
        migrations.AddConstraint(
            model_name='tableupload',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'skus'), models.Q(('counted_on__isnull', False), ('location__isnull', False)), _connector='OR'), name='table_upload_of_stock_is_dated'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('status__in', ['ready', 'shipped'])), fields=['target', 'id'], name='transfer_under_way'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='transfer_not_to_itself'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['shipped', 'received']), _negated=True), ('shipped_at__isnull', False), _connector='OR'), name='transfer_shipped_at_some_time'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['status', '-id'], name='proposal_by_status'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['sku', 'location', '-id'], name='proposal_by_sku'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('sku', 'location', 'kind'), name='proposal_open_once'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('pieces__gt', 0)), name='proposal_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['accepted', 'edited']), _negated=True), models.Q(('decided_pieces__gt', 0), ('kind', 'buy'), ('purchase__isnull', False)), models.Q(('decided_pieces__gt', 0), ('kind', 'a_transfer'), ('transfer__isnull', False)), _connector='OR'), name='proposal_taken_became_something'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('is_holding', False), ('status', 'declined'), _connector='OR'), name='proposal_holding_is_declined'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'a_transfer'), ('source__isnull', False), ('supplier__isnull', True)), models.Q(('kind', 'buy'), ('source__isnull', True)), _connector='OR'), name='proposal_from_one'),
        ),
        migrations.AddIndex(
            model_name='transferline',
            index=models.Index(condition=models.Q(('reserved__gt', 0)), fields=['sku', 'transfer'], name='transfer_line_reserving'),
        ),
        migrations.AddConstraint(
            model_name='transferline',
            constraint=models.UniqueConstraint(fields=('transfer', 'sku'), name='transfer_line_once_per_sku'),
        ),
        migrations.AddConstraint(
            model_name='transferline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='transfer_line_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='transferline',
            constraint=models.CheckConstraint(condition=models.Q(('reserved__lte', models.F('quantity')), ('shipped__lte', models.F('quantity'))), name='transfer_line_within_quantity'),
        ),
        migrations.AddConstraint(
            model_name='transferline',
            constraint=models.CheckConstraint(condition=models.Q(('damaged__lte', models.F('received')), ('over__lte', models.F('received')), ('received__lte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('shipped'), '+', models.F('over')), '-', models.F('lost')), '-', models.F('found')))), name='transfer_line_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='transferroute',
            constraint=models.UniqueConstraint(fields=('source', 'target'), name='route_once'),
        ),
        migrations.AddConstraint(
            model_name='transferroute',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='route_not_to_itself'),
        ),
        migrations.AddConstraint(
            model_name='transferroute',
            constraint=models.CheckConstraint(condition=models.Q(('base__gte', 0), ('per_kg__gte', 0)), name='route_cost_not_negative'),
        ),
    ]
