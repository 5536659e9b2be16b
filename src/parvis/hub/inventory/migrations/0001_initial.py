
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_organisations'),
        ('catalogue', '0005_steps'),
    ]

    operations = [
        migrations.CreateModel(
            name='InventoryChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=60)),
                ('said', models.CharField(choices=[('published', 'publié'), ('planned', 'prévu'), ('not-ours', 'ne nous concerne pas')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='remarque')),
                ('changed', models.DateTimeField(auto_now=True)),
                ('dataset', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.dataset')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inventory_choices', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'choix d’inventaire',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'slug'), name='one_choice_a_usual_dataset')],
            },
        ),
    ]
