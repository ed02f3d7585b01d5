"""Every setting of PulseWeave; only these modules read the environment.

A wrong value ends the start with a sentence that names its variable. The README has
all of them in one table.

base        where the project and its data are, and how it is served
security    keys, hosts, HTTPS and the content security policy
site        Django's applications, middleware, templates, languages and static files
admin       how the admin looks
database    SQLite or PostgreSQL
messaging   the channel layer and Celery
tasks       attempts, leases, deadlines and retention
limits      what a client may do
engines     local inference and language models
logs        what is logged
"""

from pulseweave.settings.admin import *
from pulseweave.settings.base import *
from pulseweave.settings.database import *
from pulseweave.settings.engines import *
from pulseweave.settings.limits import *
from pulseweave.settings.logs import *
from pulseweave.settings.messaging import *
from pulseweave.settings.security import *
from pulseweave.settings.site import *
from pulseweave.settings.tasks import *
