"""The other end of the wire: the SDK's verbs, the reference system, and agencies that live their day."""
