Feature: Whatever breaks on the way, a reset makes the platform follow the engine

  Scenario: A request that is lost once is sent again
    Given an effective subscription to "Sport" on tucano
    And tucano loses the request 1 time
    When "Cinema" is added on "TUCANO_MAIN"
    Then the effects are:
      | tucano | +option Cinema |
    And the requests are:
      | type             | life_cycle_state | attempts |
      | ACTIVATE_OPTIONS | COMPLETED        | 2        |
    And the subscription is in sync

  Scenario: A reply that is lost once does not make the platform act twice
    Given an effective subscription to "Sport" on tucano
    And tucano loses the reply 1 time
    When STB "STB-2" is added on "TUCANO_TWIN1"
    Then the effects are:
      | tucano | +material STB-2 |
    And the requests are:
      | type         | life_cycle_state | attempts |
      | ADD_MATERIAL | COMPLETED        | 2        |
    And the subscription is in sync

  Scenario Outline: What stays without an answer is never guessed
    Given an effective subscription to "Sport" on tucano
    And tucano <fault>
    When "Cinema" is added on "TUCANO_MAIN"
    Then the requests are:
      | type             | life_cycle_state | error_code | in_doubt |
      | ACTIVATE_OPTIONS | REJECTED         | <code>     | True     |
    And the effects are:
      | tucano | +option Cinema |
    And the subscription is out of sync

    Examples:
      | fault                 | code             |
      | loses the reply       | REPLY_LOST       |
      | never answers         | REPLY_LOST       |
      | resets the connection | REPLY_LOST       |
      | breaks the answer off | UNREADABLE_REPLY |

  Scenario Outline: What did not get through is rejected, and the reset repairs it
    Given an effective subscription to "Sport" on tucano
    And tucano <fault>
    When "Cinema" is added on "TUCANO_MAIN"
    Then there are no effects
    And the requests are:
      | type             | life_cycle_state | error_code | in_doubt | attempts |
      | ACTIVATE_OPTIONS | REJECTED         | <code>     | False    | 3        |
    And the subscription is out of sync

    Examples:
      | fault   | code               |
      | is down | CONNECTION_REFUSED |
      | is busy | BUSY               |

  Scenario: Downtime, and the reset after it
    Given an effective subscription to "Flexible Bundle A" of "Geological, Entertain" on tucano
    And tucano is down
    And "Flexible Bundle A" was swapped for "Agriculture"
    When the trouble is over and the subscription is reset
    Then tucano receives exactly:
      | command          | options               |
      | SUSPEND_OPTIONS  | Geological, Entertain |
      | ACTIVATE_OPTIONS | Agriculture           |
    And the subscription is in sync
    And tucano holds what it should

  Scenario: A service in doubt that is no longer wanted is taken away by the reset
    Given an effective subscription to "Sport" on tucano
    And tucano loses the reply 3 times
    And "Cinema" was added on "TUCANO_MAIN"
    And tucano is down
    And service "Cinema" was stopped
    When the trouble is over and the subscription is reset
    Then the effects are:
      | tucano | -option Cinema |
    And the subscription is in sync
    And tucano holds what it should

  Scenario: An account that could not be made rejects the requests that need it
    Given tucano is down
    When someone subscribes to "Sport" on tucano
    Then the requests are:
      | type             | life_cycle_state | error_code         |
      | CREATE_ACCOUNT   | REJECTED         | CONNECTION_REFUSED |
      | ADD_MATERIAL     | REJECTED         | NO_ACCOUNT         |
      | ACTIVATE_OPTIONS | REJECTED         | NO_ACCOUNT         |
    And the subscription is EFFECTIVE
    And the subscription is out of sync

  Scenario: An account made without an answer is found again by the reset
    Given tucano loses the reply
    And an effective subscription to "Sport" on tucano
    When the trouble is over and the subscription is reset
    Then tucano receives exactly:
      | command          | material | options |
      | CREATE_ACCOUNT   |          |         |
      | ADD_MATERIAL     | STB-1    |         |
      | ACTIVATE_OPTIONS |          | Sport   |
    And the requests are:
      | type             | life_cycle_state |
      | CREATE_ACCOUNT   | COMPLETED        |
      | ADD_MATERIAL     | COMPLETED        |
      | ACTIVATE_OPTIONS | COMPLETED        |
    And the subscription is in sync
    And tucano holds what it should

  Scenario Outline: An engine that is killed sends what it left when it is started again
    Given an effective subscription to "Sport" on tucano
    And the engine will be killed <when>
    And "Cinema" was added on "TUCANO_MAIN"
    When the engine is started again
    Then the subscription is in sync
    And tucano holds what it should

    Examples:
      | when              |
      | before sending    |
      | before the answer |
