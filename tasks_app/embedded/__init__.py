"""Everything of PulseWeave on one machine, started and stopped as one.

Stages stop from bottom to top. When the first two are done, the others start at once:

1. preparation: the port is free, the services answer, migrations, the first admin
2. valkey: channel layer and broker, unless REDIS_URL and BROKER_URL name others
3. worker, which runs inferences, and beat, which rings for the periodic sweep
4. web: Daphne
"""
