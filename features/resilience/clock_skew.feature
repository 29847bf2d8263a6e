Feature: Clocks of the engine and of a platform that do not agree

  @expects_refusals
  Scenario Outline: Icareus refuses what was signed at another time, in its own words, and the reset repairs it
    Given an effective subscription to "Sport" on icareus
    And the engine's clock was set <hours> hours <way>
    When "Cinema" is added on "ICAREUS_MAIN"
    Then there are no effects
    And the requests are:
      | type              | life_cycle_state | error_code    | in_doubt | attempts |
      | ACTIVATE_PRODUCTS | REJECTED         | EXPIRED_TOKEN | False    | 1        |
    And the subscription is out of sync

    Examples:
      | hours | way   |
      | 2     | ahead |
      | 2     | back  |

  @expects_refusals
  Scenario: When the clocks agree again, one reset is enough
    Given an effective subscription to "Sport" on icareus
    And the engine's clock was set 2 hours ahead
    And "Cinema" was added on "ICAREUS_MAIN"
    And the subscription was reset
    And the engine's clock was right again
    When the subscription is reset
    Then the effects are:
      | icareus | +product Cinema |
    And the subscription is in sync
    And icareus holds what it should

  Scenario Outline: A platform without tokens takes what an engine of another time asks for
    Given an effective subscription to "Sport" on <platform>
    And the engine's clock was set 5 hours <way>
    When "Cinema" is added on "<place>"
    Then the effects are:
      | <platform> | +<right> Cinema |
    And the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | place       | right       | way   |
      | tucano   | TUCANO_MAIN | option      | ahead |
      | irdeto   | IRDETO_MAIN | entitlement | back  |

  Scenario Outline: A usage service ends by the platform's clock: the engine ends its own, and sends nothing
    Given an effective subscription to "Sport" on <platform>
    And "Boxing Night" was ordered from 2999-01-01T20:00:00Z to 2999-01-02T02:00:00Z on "<place>"
    And the engine's clock was set 3 hours <way>
    When the maintenance runs on 2999-01-02T02:00:00Z
    Then <platform> receives nothing
    And service "Boxing Night" is CANCELLED
    And the subscription is in sync

    Examples:
      | platform | place       | way   |
      | tucano   | TUCANO_MAIN | ahead |
      | irdeto   | IRDETO_MAIN | back  |

  @files
  Scenario Outline: Conax takes files with the dates of another hour, and the next renewal is by the right ones
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And the engine's clock was set 3 hours <way>
    And the processing ran on 2999-01-10T12:00:00Z
    And the error handling ran
    And the engine's clock was right again
    When the processing runs on 2999-01-10T18:00:00Z
    Then conax receives nothing
    And the subscription is in sync
    And conax holds what it should

    Examples:
      | way   |
      | ahead |
      | back  |
