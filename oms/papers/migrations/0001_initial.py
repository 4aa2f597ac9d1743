import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import oms.papers.models.document
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='key of DOCUMENTS in oms/subscribers.py', max_length=40)),
                ('subject', models.CharField(max_length=50)),
                ('object_id', models.BigIntegerField(help_text='of what it is printed from')),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('title', models.CharField(max_length=200)),
                ('language', models.CharField(default='en', max_length=10)),
                ('status', models.CharField(choices=[('queued', 'Queued'), ('ready', 'Ready'), ('failed', 'Failed')], default='queued', max_length=10)),
                ('file', models.FileField(blank=True, max_length=200, upload_to=oms.papers.models.document.unguessable_path)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('reprints', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ready_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=1000)),
            ],
            options={
                'indexes': [models.Index(fields=['subject', '-id'], name='document_subject')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id', 'revision'), name='document_once_per_revision'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'ready'), _negated=True), models.Q(('ready_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='document_ready_has_file')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='key of EMAILS in oms/subscribers.py', max_length=40)),
                ('subject', models.CharField(max_length=50)),
                ('object_id', models.BigIntegerField(help_text='of what it tells')),
                ('cause', models.CharField(blank=True, help_text='event:9, where a kind goes out more than once', max_length=50)),
                ('to', models.EmailField(blank=True, max_length=320)),
                ('language', models.CharField(default='en', max_length=10)),
                ('status', models.CharField(choices=[('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('stopped', 'Stopped'), ('suppressed', 'Suppressed'), ('failed', 'Failed')], default='queued', max_length=10)),
                ('not_before', models.DateTimeField(blank=True, null=True)),
                ('subject_line', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('sender_name', models.CharField(blank=True, max_length=100)),
                ('reply_to', models.CharField(blank=True, max_length=320)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=1000)),
                ('attachments', models.ManyToManyField(blank=True, related_name='messages', to='papers.document')),
                ('resend_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='resends', to='papers.message')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', '-id'], name='message_subject'), models.Index(django.db.models.functions.text.Upper('to'), name='message_to'), models.Index(fields=['status', '-id'], name='message_by_status')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject', 'object_id', 'cause'), name='message_once_per_cause')],
            },
        ),
    ]
