from privacy.tenants.management.commands.migrate import Command as Migrate


class Command(Migrate):
    """Another name for `migrate`, for those who look for it."""
