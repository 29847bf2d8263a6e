Feature: A platform that has forgotten an account

  @expects_refusals
  Scenario: The refusal puts all that hung on the account in doubt, and the reset rebuilds it
    Given an effective subscription to "Sport" on tucano
    And tucano has forgotten the account
    And "Cinema" was added on "TUCANO_MAIN"
    When the subscription is reset
    Then tucano receives exactly:
      | command          | material | options       |
      | CREATE_ACCOUNT   |          |               |
      | ADD_MATERIAL     | STB-1    |               |
      | ACTIVATE_OPTIONS |          | Cinema, Sport |
    And the subscription is in sync
    And tucano holds what it should
