"""What an account may do. Apart, for the command line names the roles before it loads anything."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do beside what is its own: nothing, look after those who invited it, or see to accounts."""

    PERSON = "person"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"
