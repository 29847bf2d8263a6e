Feature: The platform acts, and its replies are lost

  Scenario Outline: What was done without an answer is asked for again by the reset, and is not done twice
    Given an effective subscription to "Sport" on <platform>
    And <platform> loses the reply
    And "Cinema" was added on "<place>"
    When the trouble is over and the subscription is reset
    Then there are no effects
    And the requests are:
      | type   | life_cycle_state |
      | <type> | COMPLETED        |
    And the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | place        | type              |
      | tucano   | TUCANO_MAIN  | ACTIVATE_OPTIONS  |
      | icareus  | ICAREUS_MAIN | ACTIVATE_PRODUCTS |
      | irdeto   | IRDETO_MAIN  | ADD_ENTITLEMENTS  |

  @expects_refusals
  Scenario Outline: So is what was taken away
    Given an effective subscription to "Sport" on <platform>
    And <platform> loses the reply
    And the subscription was terminated
    When the trouble is over and the subscription is reset
    Then the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform |
      | tucano   |
      | icareus  |
      | irdeto   |

  @expects_refusals
  Scenario Outline: Nobody is there twice whose first request was not answered
    Given <platform> loses the reply
    And an effective subscription to "Sport" on <platform>
    When the trouble is over and the subscription is reset
    Then the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform |
      | icareus  |
      | irdeto   |

  @expects_refusals
  Scenario Outline: A box that was replaced without an answer is replaced once
    Given an effective subscription to "Sport" on <platform>
    And <platform> loses the reply
    And STB "STB-1" was swapped for "STB-2"
    When the trouble is over and the subscription is reset
    Then the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform |
      | tucano   |
      | irdeto   |
