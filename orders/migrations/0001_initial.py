import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
import oms.lib.money
import orders.models.upload
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0001_initial'),
        ('partners', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invoice', 'Invoice'), ('credit_note', 'credit note')], max_length=11)),
                ('prefix', models.CharField(max_length=20)),
                ('first_number', models.PositiveIntegerField(default=1, help_text='where it began')),
                ('next_number', models.PositiveIntegerField(default=1)),
                ('is_current', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name_plural': 'number series',
                'ordering': ['seller', 'kind', 'prefix'],
            },
        ),
        migrations.CreateModel(
            name='SandboxMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('operation', models.CharField(max_length=10)),
                ('amount', oms.lib.money.MoneyField()),
                ('currency', models.CharField(max_length=3)),
                ('reference', models.CharField(max_length=100)),
                ('is_refused', models.BooleanField(default=False)),
                ('calls', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('web', 'web shop'), ('phone', 'Phone'), ('marketplace', 'Marketplace'), ('store', 'point of sale'), ('b2b', 'B2B'), ('import', 'Import')], default='web', max_length=12)),
                ('currency', models.CharField(default='EUR', help_text='ISO 4217', max_length=3)),
                ('locale', models.CharField(default='en', help_text='language of its e-mails unless the order says otherwise', max_length=5)),
                ('prices_include_tax', models.BooleanField(default=True)),
                ('brand_name', models.CharField(max_length=100)),
                ('brand_color', models.CharField(default='#1f4b99', max_length=7)),
                ('brand_logo', models.FileField(blank=True, upload_to='brands/')),
                ('support_email', models.EmailField(blank=True, max_length=254)),
                ('support_phone', models.CharField(blank=True, max_length=40)),
                ('gateway', models.CharField(default='manual', help_text='which of GATEWAYS takes its payments', max_length=20)),
                ('payment_gate', models.CharField(choices=[('none', 'ship before payment'), ('authorised', 'when payment is authorised'), ('captured', 'when payment is captured')], default='none', max_length=10)),
                ('capture_at', models.CharField(choices=[('placing', 'when the order is confirmed'), ('shipping', 'when goods ship'), ('manual', 'by hand')], default='shipping', max_length=8)),
                ('refund_limit', oms.lib.money.MoneyField(blank=True, help_text='a refund above it needs a second person; empty: none does', null=True)),
                ('on_shortage', models.CharField(choices=[('backorder', 'Backorder'), ('refuse', 'refuse the order')], default='backorder', max_length=9)),
                ('shortage_hours', models.PositiveSmallIntegerField(default=0, help_text='so long a customer may choose what becomes of his order when pieces are missing, and what is there is kept back; 0: he is not asked, and what is there is sent', validators=[django.core.validators.MaxValueValidator(336)])),
                ('shortage_default', models.CharField(choices=[('split', 'send what is there now'), ('wait', 'wait for all'), ('cancel', 'cancel the missing pieces')], default='split', help_text='where he did not choose in time', max_length=6)),
                ('buffer', models.PositiveIntegerField(default=0, help_text='pieces of each SKU at each location that this channel does not sell')),
                ('unpaid_hours', models.PositiveIntegerField(default=72, help_text='an unpaid order keeps its stock so long')),
                ('close_after_days', models.PositiveIntegerField(default=14, help_text='after shipping, without tracking')),
                ('is_muted', models.BooleanField(default=False, help_text='its customers get no e-mail')),
                ('is_paused', models.BooleanField(default=False, help_text='takes no orders')),
                ('locations', models.ManyToManyField(blank=True, help_text='may ship its orders; none chosen: all', to='inventory.location')),
                ('partner', models.ForeignKey(blank=True, help_text='whose keys may write orders', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='channels', to='partners.partner')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=200)),
                ('company', models.CharField(blank=True, max_length=200)),
                ('email', models.EmailField(blank=True, help_text='in lower case', max_length=254, null=True)),
                ('phone', models.CharField(blank=True, help_text='E.164 where it could be read', max_length=40)),
                ('vat_id', models.CharField(blank=True, max_length=20, verbose_name='VAT id')),
                ('locale', models.CharField(default='en', max_length=5)),
                ('account', models.CharField(blank=True, help_text="the customer's id at a channel: CHANNEL:id", max_length=60, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('email',), name='customer_once_per_email'), models.UniqueConstraint(fields=('account',), name='customer_once_per_account')],
            },
        ),
        migrations.CreateModel(
            name='AccountEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(help_text="the voucher's number in the old system", max_length=60)),
                ('kind', models.CharField(choices=[('credit', 'Credit'), ('adjustment', 'Adjustment'), ('write_off', 'write-off')], max_length=10)),
                ('currency', models.CharField(help_text='ISO 4217', max_length=3)),
                ('net', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text="the voucher's own date")),
                ('imported_at', models.DateTimeField(auto_now_add=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_entries', to='orders.channel')),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account_entries', to='orders.customer')),
            ],
            options={
                'verbose_name_plural': 'account entries',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(help_text='ISO 4217', max_length=3)),
                ('home_currency', models.CharField(help_text='ISO 4217', max_length=3)),
                ('valid_on', models.DateField()),
                ('rate', models.DecimalField(decimal_places=8, max_digits=16)),
            ],
            options={
                'ordering': ['currency', 'home_currency', '-valid_on'],
                'constraints': [models.UniqueConstraint(fields=('currency', 'home_currency', 'valid_on'), name='exchange_rate_once'), models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='exchange_rate_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='Lane',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zone', models.CharField(help_text='a country (DE), a region (US-CA), or * for anywhere', max_length=10)),
                ('method', models.CharField(default='standard', help_text='standard, express, pickup, digital', max_length=20)),
                ('base', oms.lib.money.MoneyField(default=0, help_text="per parcel, in the sellers' home currency")),
                ('per_kg', oms.lib.money.MoneyField(default=0)),
                ('transit_days', models.PositiveSmallIntegerField(default=2, help_text='working days')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lanes', to='inventory.location')),
            ],
            options={
                'ordering': ['location', 'method', 'zone'],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(help_text="the order's id at its channel", max_length=60)),
                ('origin', models.CharField(choices=[('live', 'Live'), ('import', 'Import')], default='live', editable=False, max_length=6)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('placed', 'Placed'), ('confirmed', 'Confirmed'), ('closed', 'Closed'), ('cancelled', 'Cancelled')], default='placed', editable=False, max_length=9)),
                ('payment_state', models.CharField(choices=[('unpaid', 'Unpaid'), ('authorised', 'Authorised'), ('partly_paid', 'partly paid'), ('paid', 'Paid'), ('partly_refunded', 'partly refunded'), ('refunded', 'Refunded')], default='unpaid', max_length=15)),
                ('fulfilment_state', models.CharField(choices=[('open', 'not started'), ('backordered', 'Backordered'), ('on_floor', 'on the floor'), ('partly_shipped', 'partly shipped'), ('shipped', 'Shipped'), ('delivered', 'Delivered'), ('nothing', 'nothing to ship')], default='open', max_length=14)),
                ('return_state', models.CharField(choices=[('none', 'None'), ('requested', 'Requested'), ('partly_returned', 'partly returned'), ('returned', 'Returned')], default='none', max_length=15)),
                ('is_held', models.BooleanField(default=False, verbose_name='on hold')),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'Urgent'), (3, 'High'), (5, 'Normal'), (7, 'Low')], default=5)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('vat_id', models.CharField(blank=True, max_length=20, verbose_name='VAT id')),
                ('locale', models.CharField(default='en', max_length=5)),
                ('ship_to', models.JSONField(blank=True, default=dict, help_text='name, company, line1, line2, city, region, postcode, country')),
                ('bill_to', models.JSONField(blank=True, default=dict, help_text='as ship_to; empty: the same')),
                ('ship_country', models.CharField(blank=True, max_length=2)),
                ('ship_name', models.CharField(blank=True, help_text='who receives it, for lists', max_length=200)),
                ('method', models.CharField(choices=[('standard', 'Standard'), ('express', 'Express'), ('pickup', 'store pickup'), ('digital', 'Digital')], default='standard', max_length=10)),
                ('purchase_order', models.CharField(blank=True, max_length=60, verbose_name="customer's PO number")),
                ('gift_message', models.TextField(blank=True, max_length=500)),
                ('customer_note', models.TextField(blank=True, max_length=1000)),
                ('currency', models.CharField(help_text='ISO 4217', max_length=3)),
                ('prices_include_tax', models.BooleanField()),
                ('tax_note', models.CharField(blank=True, help_text='reverse_charge or export, where no tax is due', max_length=20)),
                ('net', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('tax', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('gross', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('promised_original', models.DateTimeField(blank=True, help_text='never changes', null=True)),
                ('promised_current', models.DateTimeField(blank=True, null=True)),
                ('ordered_at', models.DateTimeField(default=django.utils.timezone.now, help_text='when the customer ordered')),
                ('placed_at', models.DateTimeField(blank=True, null=True)),
                ('verified_at', models.DateTimeField(blank=True, help_text='address, duplicates … were checked', null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('shipped_at', models.DateTimeField(blank=True, help_text='when the last parcel so far left', null=True)),
                ('cancel_requested_at', models.DateTimeField(blank=True, help_text='the floor was asked to give pieces up and has not answered for all', null=True)),
                ('cancel_reason', models.CharField(blank=True, max_length=100)),
                ('version', models.PositiveIntegerField(default=1, help_text="counts changes: the API's ETag")),
                ('event_counter', models.PositiveIntegerField(default=0, editable=False)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='orders.channel')),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='orders.customer')),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='partners.partner')),
                ('pickup_location', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pickups', to='inventory.location')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('hold_order', 'Can put orders on hold and release them'), ('cancel_order', 'Can cancel orders'), ('source_order', 'Can source open orders anew'), ('refund_order', 'Can refund orders'), ('approve_refund', 'Can approve refunds over the limit')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('cs', 'customer service'), ('pick', 'picker'), ('pack', 'packer'), ('customer', 'Customer'), ('label', 'shipping label')], default='cs', max_length=8)),
                ('text', models.CharField(max_length=1000)),
                ('author', models.CharField(default='system', max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='orders.order')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('code', models.CharField(db_index=True, max_length=40, verbose_name='number')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('issued_on', models.DateField(help_text="in the seller's time zone")),
                ('locale', models.CharField(default='en', max_length=5)),
                ('currency', models.CharField(help_text='ISO 4217', max_length=3)),
                ('net', oms.lib.money.MoneyField()),
                ('tax', oms.lib.money.MoneyField()),
                ('gross', oms.lib.money.MoneyField()),
                ('tax_note', models.CharField(blank=True, help_text='why no tax is due: reverse_charge, export, abroad', max_length=20)),
                ('home_currency', models.CharField(blank=True, help_text='where the tax is stated in it too', max_length=3)),
                ('home_rate', models.DecimalField(blank=True, decimal_places=8, max_digits=16, null=True)),
                ('home_tax', oms.lib.money.MoneyField(blank=True, null=True)),
                ('seller_as_was', models.JSONField(help_text='legal_name, address, vat_id, iban, bic, register, email, phone')),
                ('buyer', models.JSONField(help_text='name, company, line1, line2, city, region, postcode, country, vat_id')),
                ('ship_to', models.JSONField(blank=True, default=dict, help_text='the delivery address, as buyer')),
                ('sha256', models.CharField(blank=True, help_text='of the PDF, once it is made', max_length=64)),
                ('supply_on', models.DateField(help_text="when the goods left, in the seller's time zone")),
                ('paid', oms.lib.money.MoneyField(default=Decimal('0'), help_text='covered by payments when it was issued')),
                ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.numberseries')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.order')),
            ],
            options={
                'ordering': ['-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('payment', 'Payment'), ('fraud', 'fraud check'), ('address', 'Address'), ('duplicate', 'Duplicate'), ('approval', 'Approval'), ('stock', 'Stock'), ('release', 'release day'), ('gathering', 'Gathering'), ('manual', 'Manual')], max_length=9)),
                ('reason', models.CharField(help_text='what must be settled, in a sentence', max_length=300)),
                ('until', models.DateTimeField(blank=True, help_text='released by itself then', null=True)),
                ('placed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('placed_by', models.CharField(default='system', max_length=40)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('released_by', models.CharField(blank=True, max_length=40)),
                ('release_note', models.CharField(blank=True, max_length=300)),
                ('owner', models.ForeignKey(blank=True, help_text='who works on it', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='orders.order')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Gathering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('saves', oms.lib.money.MoneyField(help_text='what the parcels apart would cost more')),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('is_complete', models.BooleanField(default=False, help_text='all came together; else it goes in parts')),
                ('location', models.ForeignKey(help_text='where it leaves from', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='gathering', to='orders.order')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='DaySlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='orders.order')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='CreditNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('code', models.CharField(db_index=True, max_length=40, verbose_name='number')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('issued_on', models.DateField(help_text="in the seller's time zone")),
                ('locale', models.CharField(default='en', max_length=5)),
                ('currency', models.CharField(help_text='ISO 4217', max_length=3)),
                ('net', oms.lib.money.MoneyField()),
                ('tax', oms.lib.money.MoneyField()),
                ('gross', oms.lib.money.MoneyField()),
                ('tax_note', models.CharField(blank=True, help_text='why no tax is due: reverse_charge, export, abroad', max_length=20)),
                ('home_currency', models.CharField(blank=True, help_text='where the tax is stated in it too', max_length=3)),
                ('home_rate', models.DecimalField(blank=True, decimal_places=8, max_digits=16, null=True)),
                ('home_tax', oms.lib.money.MoneyField(blank=True, null=True)),
                ('seller_as_was', models.JSONField(help_text='legal_name, address, vat_id, iban, bic, register, email, phone')),
                ('buyer', models.JSONField(help_text='name, company, line1, line2, city, region, postcode, country, vat_id')),
                ('ship_to', models.JSONField(blank=True, default=dict, help_text='the delivery address, as buyer')),
                ('sha256', models.CharField(blank=True, help_text='of the PDF, once it is made', max_length=64)),
                ('cause', models.CharField(choices=[('return', 'Return'), ('unshipped', 'not handed over after all'), ('price', 'price reduced')], default='price', max_length=9)),
                ('reason', models.CharField(max_length=200)),
                ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.numberseries')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.order')),
            ],
            options={
                'ordering': ['-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OrderChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base_version', models.PositiveIntegerField(help_text="the order's version that was looked at")),
                ('operations', models.JSONField(help_text='see orders.services.change')),
                ('delta', oms.lib.money.MoneyField(help_text='what the customer owes more, or less')),
                ('status', models.CharField(choices=[('previewed', 'Previewed'), ('applied', 'Applied'), ('rejected', 'Rejected'), ('stale', 'Stale')], default='previewed', max_length=9)),
                ('author', models.CharField(default='system', max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='orders.order')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='OrderCharge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('shipping', 'Shipping'), ('fee', 'Fee'), ('tip', 'Tip'), ('duty', 'Duty'), ('rounding', 'Rounding')], max_length=8)),
                ('name', models.CharField(max_length=100)),
                ('net', oms.lib.money.MoneyField()),
                ('tax_rate', models.DecimalField(decimal_places=5, default=Decimal('0'), max_digits=7)),
                ('tax', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('gross', oms.lib.money.MoneyField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='charges', to='orders.order')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='OrderDiscount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(blank=True, max_length=60)),
                ('name', models.CharField(max_length=100)),
                ('amount', oms.lib.money.MoneyField(help_text='as the channel states it, with or without tax')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='discounts', to='orders.order')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('per_kit', models.PositiveIntegerField(default=0, help_text='pieces of this part in one kit')),
                ('price_share', oms.lib.money.MoneyField(default=Decimal('0'), help_text="of a kit's part: what of the kit's gross falls on all its pieces")),
                ('sku_code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('physical', 'Physical'), ('digital', 'Digital'), ('service', 'Service'), ('kit', 'Kit')], default='physical', max_length=10)),
                ('external_id', models.CharField(blank=True, help_text="the line's id at the channel", max_length=60)),
                ('quantity', models.PositiveIntegerField(help_text='pieces')),
                ('unit_price', oms.lib.money.MoneyField(default=Decimal('0'), help_text='as the channel states it, with or without tax')),
                ('discount', oms.lib.money.MoneyField(default=Decimal('0'), help_text='off the whole line, its share of order discounts included')),
                ('tax_class', models.CharField(default='standard', max_length=20)),
                ('tax_rate', models.DecimalField(decimal_places=5, default=Decimal('0'), max_digits=7)),
                ('net', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('tax', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('gross', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('personalisation', models.CharField(blank=True, max_length=500)),
                ('cancelled', models.PositiveIntegerField(default=0, help_text='pieces')),
                ('on_floor', models.PositiveIntegerField(default=0, help_text='pieces a warehouse works on')),
                ('shipped', models.PositiveIntegerField(default=0, help_text='pieces')),
                ('delivered', models.PositiveIntegerField(default=0, help_text='pieces')),
                ('return_requested', models.PositiveIntegerField(default=0, help_text='pieces announced, not yet back')),
                ('returned', models.PositiveIntegerField(default=0, help_text='pieces')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.order')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='orders.orderline')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='InvoiceLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('sku_code', models.CharField(blank=True, max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('quantity', models.PositiveIntegerField(help_text='pieces; 0 for an amount without pieces')),
                ('unit_net', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('discount', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('tax_rate', models.DecimalField(decimal_places=5, default=Decimal('0'), max_digits=7)),
                ('net', oms.lib.money.MoneyField()),
                ('tax', oms.lib.money.MoneyField()),
                ('gross', oms.lib.money.MoneyField()),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.invoice')),
                ('charge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.ordercharge')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.orderline')),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CreditNoteLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('sku_code', models.CharField(blank=True, max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('quantity', models.PositiveIntegerField(help_text='pieces; 0 for an amount without pieces')),
                ('unit_net', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('discount', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('tax_rate', models.DecimalField(decimal_places=5, default=Decimal('0'), max_digits=7)),
                ('net', oms.lib.money.MoneyField()),
                ('tax', oms.lib.money.MoneyField()),
                ('gross', oms.lib.money.MoneyField()),
                ('credit_note', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.creditnote')),
                ('invoice_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='orders.invoiceline')),
                ('charge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.ordercharge')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='orders.orderline')),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(help_text='pieces')),
                ('status', models.CharField(choices=[('backordered', 'Backordered'), ('reserved', 'Reserved'), ('on_floor', 'on the floor'), ('picked', 'Picked'), ('shipped', 'Shipped'), ('freed', 'Freed')], default='reserved', max_length=11)),
                ('supply_at', models.DateTimeField(blank=True, help_text='and from when on it is covered there', null=True)),
                ('expires_at', models.DateTimeField(blank=True, help_text='while unpaid', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('location', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='inventory.location')),
                ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.sku')),
                ('supply_location', models.ForeignKey(blank=True, db_index=False, help_text='of what is missing: where it is awaited from a purchase or a transfer', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='allocations', to='orders.order')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='allocations', to='orders.orderline')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='AccountLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(help_text='several where one line undoes several')),
                ('kind', models.CharField(choices=[('goods', 'Goods'), ('charge', 'Charge'), ('discount', 'Discount')], default='goods', max_length=8)),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('quantity', models.IntegerField(help_text='pieces')),
                ('unit_price', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('net', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('effect', models.CharField(blank=True, choices=[('', 'stands alone'), ('returned', 'Returned'), ('cancelled', 'Cancelled')], default='', max_length=9)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.accountentry')),
                ('order_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='account_lines', to='orders.orderline')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='OrderUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(blank=True, max_length=200, upload_to=orders.models.upload.unguessable_path)),
                ('name', models.CharField(help_text="as the person's computer calls it", max_length=200)),
                ('is_live', models.BooleanField(default=False, help_text='placed here, not history', verbose_name='live')),
                ('status', models.CharField(choices=[('checked', 'waiting for you'), ('queued', 'being imported'), ('done', 'imported'), ('failed', 'Failed'), ('discarded', 'Discarded')], default='checked', editable=False, max_length=9)),
                ('report', models.JSONField(default=dict, help_text='see orders/imports/report.py')),
                ('refused', models.JSONField(default=list, help_text='[{row, order, field, reason}], the first of them')),
                ('error', models.CharField(blank=True, help_text='why it failed as a whole', max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='orders.channel')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gateway', models.CharField(help_text='which of GATEWAYS moves the money', max_length=20)),
                ('method', models.CharField(blank=True, help_text='as people say it: Visa, bank transfer, gift card', max_length=40)),
                ('reference', models.CharField(blank=True, help_text="the payment's id at its provider or bank", max_length=100)),
                ('token', models.CharField(blank=True, editable=False, help_text='one-time, until authorised', max_length=200)),
                ('amount', oms.lib.money.MoneyField(help_text='what was asked for')),
                ('authorised', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('capturing', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('captured', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('voided', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('refunded', oms.lib.money.MoneyField(default=Decimal('0'))),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='orders.order')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('min_qty', models.PositiveIntegerField(default=1, verbose_name='from quantity')),
                ('amount', oms.lib.money.MoneyField()),
                ('valid_from', models.DateTimeField(default=django.utils.timezone.now)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='orders.channel')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='inventory.sku')),
            ],
            options={
                'ordering': ['channel', 'sku', 'min_qty', '-valid_from'],
            },
        ),
        migrations.CreateModel(
            name='PromiseEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old', models.DateTimeField(null=True)),
                ('new', models.DateTimeField(null=True)),
                ('cause', models.CharField(choices=[('placed', 'first promise'), ('backorder', 'pieces are missing'), ('gathered', 'it comes in one parcel'), ('restocked', 'missing pieces arrived'), ('changed', 'the order was changed'), ('shipped', 'shipped'), ('resourced', 'sourced anew with other orders'), ('ordered', 'missing pieces were ordered'), ('sooner', 'supply comes earlier'), ('supply', 'supply is late or short')], max_length=9)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='orders.order')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, help_text='what caused it: the same cause never refunds twice', max_length=60, null=True)),
                ('status', models.CharField(choices=[('requested', 'waiting for approval'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('sending', 'Sending'), ('done', 'Done'), ('failed', 'Failed')], default='requested', editable=False, max_length=9)),
                ('amount', oms.lib.money.MoneyField(help_text="the sum of its lines, in the order's currency")),
                ('reason', models.CharField(max_length=200)),
                ('wants_credit_note', models.BooleanField(default=False, help_text='written when the refund is done')),
                ('lowers_due', models.BooleanField(default=True, editable=False, help_text='no where the order costs less already: cancelled, or credited')),
                ('requested_by', models.CharField(default='system', max_length=60)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_by', models.CharField(blank=True, help_text='who approved or rejected it', max_length=60)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='orders.order')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PaymentEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('auth', 'authorisation'), ('capture', 'Capture'), ('void', 'Void'), ('refund', 'Refund')], max_length=7)),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=7)),
                ('amount', oms.lib.money.MoneyField()),
                ('provider_ref', models.CharField(blank=True, help_text='GATEWAY:id of this movement there', max_length=120, null=True)),
                ('error', models.CharField(blank=True, help_text='why it failed, as the gateway said', max_length=300)),
                ('actor', models.CharField(default='system', max_length=60)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done_at', models.DateTimeField(blank=True, help_text='done or failed', null=True)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='orders.payment')),
                ('refund', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='orders.refund')),
            ],
            options={
                'verbose_name_plural': 'payment entries',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RefundLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('item', 'Item'), ('tax', 'Tax'), ('shipping', 'Shipping'), ('fee', 'Fee'), ('goodwill', 'Goodwill')], max_length=8)),
                ('quantity', models.PositiveIntegerField(default=0, help_text='pieces, for items')),
                ('amount', oms.lib.money.MoneyField(help_text='with tax')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refund_lines', to='orders.orderline')),
                ('refund', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.refund')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('query', models.CharField(help_text="the list's query string: status=placed&hold=address", max_length=1000)),
                ('is_shared', models.BooleanField(default=False, help_text='everybody sees it', verbose_name='shared')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SearchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('number', 'order number'), ('external', "channel's number"), ('email', 'e-mail'), ('phone', 'Phone'), ('name', 'Name'), ('postcode', 'Postcode'), ('sku', 'SKU'), ('tracking', 'tracking number'), ('invoice', 'Invoice'), ('parcel', 'Parcel'), ('rma', 'RMA'), ('po', "customer's PO")], max_length=8)),
                ('value', models.CharField(db_index=True, max_length=100)),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='search_keys', to='orders.order')),
            ],
        ),
        migrations.CreateModel(
            name='Seller',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('legal_name', models.CharField(max_length=200)),
                ('address', models.JSONField(default=dict, help_text='line1, line2, city, region, postcode, country')),
                ('country', models.CharField(help_text='ISO 3166', max_length=2)),
                ('vat_id', models.CharField(blank=True, max_length=20, verbose_name='VAT id')),
                ('home_currency', models.CharField(default='EUR', help_text='ISO 4217: VAT is stated in it too', max_length=3)),
                ('tz', models.CharField(default='UTC', max_length=40, verbose_name='time zone')),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('iban', models.CharField(blank=True, max_length=34, verbose_name='IBAN')),
                ('bic', models.CharField(blank=True, max_length=11, verbose_name='BIC')),
                ('register', models.CharField(blank=True, help_text='court and number, for the footer', max_length=200)),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='seller_code_once')],
            },
        ),
        migrations.AddField(
            model_name='numberseries',
            name='seller',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='orders.seller'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='seller',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.seller'),
        ),
        migrations.AddField(
            model_name='creditnote',
            name='seller',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.seller'),
        ),
        migrations.AddField(
            model_name='channel',
            name='seller',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='channels', to='orders.seller'),
        ),
        migrations.CreateModel(
            name='ShortageQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer_by', models.DateTimeField(help_text='after it the default of the channel counts')),
                ('answer', models.CharField(blank=True, choices=[('split', 'send what is there now'), ('wait', 'wait for all'), ('substitute', 'take a substitute'), ('cancel', 'cancel the missing pieces')], max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.CharField(blank=True, help_text='customer, user:3, or system: by default', max_length=40)),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='shortage', to='orders.order')),
            ],
        ),
        migrations.CreateModel(
            name='SourcingDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plans', models.JSONField(help_text='{plans: the ten best, each with its terms; excluded: {location: reason}; counts}')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='orders.order')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SourcingStrategy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('description', models.CharField(blank=True, help_text='what it is for', max_length=200)),
                ('split_penalty', oms.lib.money.MoneyField(default=1000, help_text='what one more parcel counts beside its cost; high: the fewest parcels, then the cheapest')),
                ('late_penalty', oms.lib.money.MoneyField(default=0, help_text='what each day counts that a parcel arrives later than promised, or than the quickest could')),
                ('scarcity_penalty', oms.lib.money.MoneyField(default=0, help_text='what each piece counts that leaves a store without any of its SKU')),
                ('gathers', models.BooleanField(default=False, help_text='pieces of several locations are brought to one and leave together, where that costs less and comes in time; needs transfer routes', verbose_name='gathers parcels')),
            ],
            options={
                'verbose_name_plural': 'sourcing strategies',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('name'), name='strategy_name_once'), models.CheckConstraint(condition=models.Q(('late_penalty__gte', 0), ('scarcity_penalty__gte', 0), ('split_penalty__gte', 0)), name='strategy_penalties_not_negative', violation_error_message='Penalties are 0 or more.')],
            },
        ),
        migrations.CreateModel(
            name='SourcingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=10, help_text='the lowest is asked first')),
                ('kind', models.CharField(blank=True, choices=[('warehouse', 'Warehouse'), ('store', 'Store'), ('3pl', '3PL'), ('supplier', 'Supplier'), ('digital', 'Digital')], max_length=10)),
                ('verdict', models.CharField(choices=[('no', 'does not serve'), ('yes', 'serves')], default='no', max_length=3)),
                ('method', models.CharField(blank=True, choices=[('standard', 'Standard'), ('express', 'Express'), ('pickup', 'store pickup'), ('digital', 'Digital')], max_length=10)),
                ('zone', models.CharField(blank=True, help_text='a country (DE) or a region (US-CA)', max_length=10, validators=[django.core.validators.RegexValidator('^[A-Z]{2}(-[A-Z0-9]{1,6})?\\Z', 'A country (DE) or a region (US-CA).')])),
                ('is_hazmat', models.BooleanField(default=False, verbose_name='hazardous goods')),
                ('is_too_late', models.BooleanField(default=False, help_text='too late to be begun there today', verbose_name='after cut-off')),
                ('channel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.channel')),
                ('location', models.ForeignKey(blank=True, help_text='empty: those of the kind, or all', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='orders.sourcingstrategy')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='channel',
            name='strategy',
            field=models.ForeignKey(blank=True, help_text='where its orders ship from; none: the fewest parcels, then the cheapest, from any location', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='channels', to='orders.sourcingstrategy'),
        ),
        migrations.CreateModel(
            name='Substitute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(default=1, help_text='the lowest that is in stock is offered')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='substitutes', to='inventory.sku', verbose_name='SKU')),
                ('substitute', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='substitutes_for', to='inventory.sku')),
            ],
            options={
                'ordering': ['sku', 'rank', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=30)),
                ('color', models.CharField(default='#64748b', max_length=7)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='tag_once')],
            },
        ),
        migrations.AddField(
            model_name='order',
            name='tags',
            field=models.ManyToManyField(blank=True, related_name='orders', to='orders.tag'),
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(help_text='ISO 3166', max_length=2)),
                ('region', models.CharField(blank=True, help_text='state or province code; empty: all', max_length=10)),
                ('tax_class', models.CharField(default='standard', max_length=20)),
                ('rate', models.DecimalField(decimal_places=5, help_text='a fraction: 0.19', max_digits=7)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['country', 'region', 'tax_class', '-valid_from'],
                'constraints': [models.UniqueConstraint(fields=('country', 'region', 'tax_class', 'valid_from'), name='tax_rate_once'), models.CheckConstraint(condition=models.Q(('rate__gte', 0), ('rate__lt', 1)), name='tax_rate_is_fraction')],
            },
        ),
        migrations.AddIndex(
            model_name='accountentry',
            index=models.Index(fields=['kind', '-id'], name='account_entry_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='accountentry',
            constraint=models.UniqueConstraint(fields=('channel', 'external_id'), name='account_entry_once_per_channel'),
        ),
        migrations.AddConstraint(
            model_name='lane',
            constraint=models.UniqueConstraint(fields=('location', 'zone', 'method'), name='lane_once'),
        ),
        migrations.AddConstraint(
            model_name='lane',
            constraint=models.CheckConstraint(condition=models.Q(('base__gte', 0), ('per_kg__gte', 0)), name='lane_cost_not_negative'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('released_at', None)), fields=['kind', 'id'], name='hold_active'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at', None), models.Q(('kind', 'manual'), _negated=True)), fields=('order', 'kind'), name='hold_once_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='gathering',
            constraint=models.CheckConstraint(condition=models.Q(('is_complete', False), ('ended_at__isnull', False), _connector='OR'), name='gathering_complete_at_its_end'),
        ),
        migrations.AddConstraint(
            model_name='dayslot',
            constraint=models.UniqueConstraint(fields=('location', 'day', 'order'), name='slot_once_per_order'),
        ),
        migrations.AddConstraint(
            model_name='orderchange',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'applied'), ('applied_at', None), _connector='XOR'), name='change_applied_has_its_moment'),
        ),
        migrations.AddConstraint(
            model_name='ordercharge',
            constraint=models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')))), name='charge_gross_is_net_and_tax'),
        ),
        migrations.AddConstraint(
            model_name='orderdiscount',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='discount_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'position'), name='line_position_once'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='line_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('unit_price__gte', 0)), name='line_price_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')))), name='line_gross_is_net_and_tax'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('cancelled'), '+', models.F('shipped')), '+', models.F('on_floor')))), name='line_not_overshipped'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('delivered__lte', models.F('shipped')), ('shipped__gte', django.db.models.expressions.CombinedExpression(models.F('returned'), '+', models.F('return_requested')))), name='line_not_overreturned'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')))), name='invoiceline_gross_is_net_and_tax'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.UniqueConstraint(fields=('invoice', 'position'), name='invoice_position_once'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('charge__isnull', False), ('line', None)), models.Q(('charge', None), ('line__isnull', False)), _connector='OR'), name='invoice_line_or_charge'),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')))), name='creditnoteline_gross_is_net_and_tax'),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.UniqueConstraint(fields=('credit_note', 'position'), name='credit_note_position_once'),
        ),
        migrations.AddIndex(
            model_name='allocation',
            index=models.Index(condition=models.Q(('status__in', ['shipped', 'freed']), _negated=True), fields=['sku', 'location', 'status'], name='allocation_open_by_level'),
        ),
        migrations.AddIndex(
            model_name='allocation',
            index=models.Index(condition=models.Q(('status__in', ['shipped', 'freed']), _negated=True), fields=['location', 'order'], name='allocation_open_by_location'),
        ),
        migrations.AddIndex(
            model_name='allocation',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='allocation_expiring'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='allocation_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(('location__isnull', False), ('status__in', ['backordered', 'freed']), _connector='OR'), name='allocation_has_location'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('supply_at', None), ('supply_location', None)), models.Q(('status', 'backordered'), ('supply_at__isnull', False), ('supply_location__isnull', False)), _connector='OR'), name='allocation_supply_of_missing'),
        ),
        migrations.AddConstraint(
            model_name='accountline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('effect', ''), ('order_line', None)), models.Q(models.Q(('effect', ''), _negated=True), ('order_line__isnull', False)), _connector='OR'), name='account_line_effect_has_line'),
        ),
        migrations.AddIndex(
            model_name='orderupload',
            index=models.Index(condition=models.Q(('status', 'checked')), fields=['created_at'], name='order_upload_waiting'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('reference', ''), _negated=True), fields=['reference'], name='payment_by_reference'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('order', 'gateway', 'reference'), name='payment_once_per_reference'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('authorised__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('captured'), '+', models.F('capturing')), '+', models.F('voided')))), name='payment_captured_within_authorised'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('captured__gte', models.F('refunded'))), name='payment_refunded_within_captured'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('captured__gte', 0), ('capturing__gte', 0), ('refunded__gte', 0), ('voided__gte', 0)), name='payment_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.UniqueConstraint(fields=('sku', 'channel', 'min_qty', 'valid_from'), name='price_once'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='price_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.CheckConstraint(condition=models.Q(('min_qty__gt', 0)), name='price_from_one'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(condition=models.Q(('status__in', ['done', 'rejected']), _negated=True), fields=['status', 'id'], name='refund_open'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(fields=('order', 'key'), name='refund_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_is_positive'),
        ),
        migrations.AddIndex(
            model_name='paymententry',
            index=models.Index(condition=models.Q(('status', 'pending')), fields=['created_at'], name='payment_entry_pending'),
        ),
        migrations.AddIndex(
            model_name='paymententry',
            index=models.Index(fields=['done_at'], name='payment_entry_by_day'),
        ),
        migrations.AddConstraint(
            model_name='paymententry',
            constraint=models.UniqueConstraint(fields=('provider_ref',), name='payment_entry_once_per_provider_ref'),
        ),
        migrations.AddConstraint(
            model_name='paymententry',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_entry_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='paymententry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('status', 'pending')), models.Q(models.Q(('status', 'pending'), _negated=True), ('done_at__isnull', False)), _connector='OR'), name='payment_entry_ended'),
        ),
        migrations.AddConstraint(
            model_name='paymententry',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'refund'), ('refund', None), _connector='OR'), name='payment_entry_refund_is_a_refund'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('amount__lt', 0), ('kind', 'fee')), _connector='OR'), name='refund_line_sign'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.CheckConstraint(condition=models.Q(('line__isnull', False), models.Q(('kind__in', ['item', 'tax']), _negated=True), _connector='OR'), name='refund_line_names_its_line'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='saved_view_name_once'),
        ),
        migrations.AddConstraint(
            model_name='searchkey',
            constraint=models.UniqueConstraint(fields=('order', 'kind', 'value'), name='search_key_once'),
        ),
        migrations.AddConstraint(
            model_name='numberseries',
            constraint=models.UniqueConstraint(fields=('seller', 'prefix'), name='series_prefix_once'),
        ),
        migrations.AddConstraint(
            model_name='numberseries',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('seller', 'kind'), name='series_current_once'),
        ),
        migrations.AddConstraint(
            model_name='numberseries',
            constraint=models.CheckConstraint(condition=models.Q(('first_number__gt', 0), ('next_number__gte', models.F('first_number'))), name='series_runs_forward'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['issued_on'], name='invoice_by_day'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.UniqueConstraint(fields=('series', 'number'), name='invoice_number_once'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('series', None)), models.Q(('number__isnull', False), ('series__isnull', False)), _connector='OR'), name='invoice_numbered_by_series'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')))), name='invoice_gross_is_net_and_tax'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('paid__gte', 0), ('paid__lte', models.F('gross'))), name='invoice_paid_within_gross'),
        ),
        migrations.AddIndex(
            model_name='creditnote',
            index=models.Index(fields=['issued_on'], name='creditnote_by_day'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(fields=('series', 'number'), name='creditnote_number_once'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('series', None)), models.Q(('number__isnull', False), ('series__isnull', False)), _connector='OR'), name='creditnote_numbered_by_series'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')))), name='creditnote_gross_is_net_and_tax'),
        ),
        migrations.AddIndex(
            model_name='shortagequestion',
            index=models.Index(condition=models.Q(('answer', '')), fields=['answer_by'], name='shortage_unanswered'),
        ),
        migrations.AddConstraint(
            model_name='shortagequestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='shortage_answered_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='sourcingrule',
            constraint=models.CheckConstraint(condition=models.Q(('location', None), ('kind', ''), _connector='OR'), name='rule_of_location_or_kind', violation_error_message='Name one location or a kind, not both.'),
        ),
        migrations.AddConstraint(
            model_name='sourcingrule',
            constraint=models.CheckConstraint(condition=models.Q(('channel', None), ('is_hazmat', False), ('is_too_late', False), ('kind', ''), ('location', None), ('method', ''), ('zone', ''), _negated=True), name='rule_says_something', violation_error_message='Say which locations, or which orders.'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='channel_code_once'),
        ),
        migrations.AddConstraint(
            model_name='substitute',
            constraint=models.UniqueConstraint(fields=('sku', 'substitute'), name='substitute_once'),
        ),
        migrations.AddConstraint(
            model_name='substitute',
            constraint=models.CheckConstraint(condition=models.Q(('sku', models.F('substitute')), _negated=True), name='substitute_is_another', violation_error_message='A SKU cannot stand in for itself.'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('partner__isnull', False)), fields=['partner', '-id'], name='order_by_partner'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['status', '-id'], name='order_by_status'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['channel', '-id'], name='order_by_channel'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['customer', '-id'], name='order_by_customer'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['fulfilment_state', '-id'], name='order_by_fulfilment'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['payment_state', '-id'], name='order_by_payment'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['-ordered_at'], name='order_by_moment'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('shipped_at__isnull', False)), fields=['-shipped_at'], name='order_by_shipped'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('method', 'standard'), _negated=True), fields=['method', '-id'], name='order_by_method'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('priority', 5), _negated=True), fields=['priority', '-id'], name='order_by_priority'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_held', True)), fields=['-id'], name='order_held'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('return_state', 'none'), _negated=True), fields=['-id'], name='order_returning'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('fulfilment_state__in', ['open', 'backordered', 'on_floor', 'partly_shipped']), ('status__in', ['placed', 'confirmed'])), fields=['promised_current'], name='order_due'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('channel', 'external_id'), name='order_once_per_channel'),
        ),
    ]
