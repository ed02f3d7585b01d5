"""Everything of PulseWeave on one machine, started and stopped as one.

up ─ preparation   migrations, the first staff user
   ─ supervisor    starts the parts in order, restarts what dies, stops in reverse
       ├ valkey    channel layer and broker, unless REDIS_URL names another
       ├ beat      rings for the periodic sweep
       ├ worker    runs inferences
       └ web       Daphne
"""
