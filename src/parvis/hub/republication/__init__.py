"""What an organisation publishes here and has appear, by itself, on data.gouv.fr or another portal of the same software (udata)."""
