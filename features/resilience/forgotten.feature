Feature: A platform that has forgotten an account, a box, a card or services

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

  @expects_refusals
  Scenario: So does one of a box, with its card and its services
    Given an effective subscription to "Sport" on irdeto
    And irdeto has forgotten "STB-1"
    And "Cinema" was added on "IRDETO_MAIN"
    When the subscription is reset
    Then irdeto receives exactly:
      | command                | secureClient | smartcard | caIds         |
      | REGISTER_SECURE_CLIENT | STB-1        |           |               |
      | PAIR                   | STB-1        | CARD-1    |               |
      | ADD_ENTITLEMENTS       | STB-1        |           | Cinema, Sport |
    And the subscription is in sync
    And irdeto holds what it should

  Scenario Outline: What was forgotten of an account or a box is not missed where it is taken away
    Given an effective subscription to "Sport" on <platform>
    And <platform> has forgotten <what>
    When the subscription is terminated
    Then the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | what              |
      | tucano   | "Sport, STB-1"    |
      | icareus  | "Sport, STB-1"    |
      | irdeto   | "Sport" of "STB-1" |
