"""How allauth behaves here: no open sign-up, the back office after sign-in."""

from allauth.account.adapter import DefaultAccountAdapter

from parvis.hub.callers import caller_address


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators."""

    def is_open_for_signup(self, request) -> bool:
        """Nobody signs up alone: reading needs no account."""
        return False

    def get_client_ip(self, request) -> str:
        """The caller's own address behind a trusted proxy: allauth's throttles would take everybody for one."""
        return caller_address(request.META)
