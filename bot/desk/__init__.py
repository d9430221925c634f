"""The domain: entries, answers, enquiries and their rules; standard library only, no IO, no clock."""
