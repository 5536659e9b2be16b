"""How allauth behaves here: no open sign-up, the back office after sign-in."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators."""

    def is_open_for_signup(self, request) -> bool:
        """Nobody signs up alone: reading needs no account."""
        return False
