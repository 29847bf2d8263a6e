Feature: A platform that is down every night

  Scenario Outline: What is done in the night stands, and the platform does not follow
    Given an effective subscription to "Sport" on <platform>
    And <platform> is down from 2099-01-01T22:00:00Z to 2099-01-02T02:00:00Z every day
    And the maintenance ran on 2099-01-03T23:00:00Z
    When "Cinema" is added on "<place>"
    Then there are no effects
    And the requests are:
      | type   | life_cycle_state | error_code         | in_doubt |
      | <type> | REJECTED         | CONNECTION_REFUSED | False    |
    And the subscription is out of sync

    Examples:
      | platform | place        | type              |
      | tucano   | TUCANO_MAIN  | ACTIVATE_OPTIONS  |
      | icareus  | ICAREUS_MAIN | ACTIVATE_PRODUCTS |
      | irdeto   | IRDETO_MAIN  | ADD_ENTITLEMENTS  |

  Scenario Outline: What several nights have left is made good by one reset, with what differs by then
    Given an effective subscription to "Sport" on <platform>
    And <platform> is down from 2099-01-01T22:00:00Z to 2099-01-02T02:00:00Z every day
    And the maintenance ran on 2099-01-01T23:00:00Z
    And "Cinema" was added on "<place>"
    And the maintenance ran on 2099-01-02T23:00:00Z
    And service "Sport" was stopped
    And the maintenance ran on 2099-01-03T23:00:00Z
    And service "Cinema" was stopped
    When the subscription is reset on 2099-01-04T02:00:00Z
    Then the effects are:
      | <platform> | -<right> Sport |
    And the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | place        | right       |
      | tucano   | TUCANO_MAIN  | option      |
      | icareus  | ICAREUS_MAIN | product     |
      | irdeto   | IRDETO_MAIN  | entitlement |

  Scenario: A reset in the night sends nothing that arrives, and the next one by day does
    Given an effective subscription to "Sport" on icareus
    And icareus is down from 2099-01-01T22:00:00Z to 2099-01-02T02:00:00Z
    And the maintenance ran on 2099-01-01T23:00:00Z
    And the subscription was deactivated
    And the subscription was reset
    When the subscription is reset on 2099-01-02T02:00:00Z
    Then the effects are:
      | icareus | -product Sport |
    And the subscription is in sync
    And icareus holds what it should

  Scenario: Who is out of sync after a night is listed, with where and since when
    Given an effective subscription to "Sport" on tucano
    And somebody else has an effective subscription to "Sport" on tucano
    And tucano is down from 2099-01-01T22:00:00Z to 2099-01-02T02:00:00Z every day
    And the maintenance ran on 2099-01-01T23:00:00Z
    And "Cinema" was added on "TUCANO_MAIN"
    When the maintenance runs on 2099-01-02T03:00:00Z
    Then the subscriptions out of sync are:
      | subscription | provider | differences        |
      | S0000000001  | tucano   | +option OPT_CINEMA |

  Scenario: After the reset run of the morning nobody is
    Given an effective subscription to "Sport" on tucano
    And tucano is down from 2099-01-01T22:00:00Z to 2099-01-02T02:00:00Z every day
    And the maintenance ran on 2099-01-01T23:00:00Z
    And "Cinema" was added on "TUCANO_MAIN"
    When the reset runs on 2099-01-02T02:00:00Z
    Then there are no subscriptions out of sync
    And tucano holds what it should

  Scenario: Elsewhere the night is like the day
    Given an effective subscription to "Sport" on tucano
    And irdeto is down from 2099-01-01T22:00:00Z to 2099-01-02T02:00:00Z
    And the maintenance ran on 2099-01-01T23:00:00Z
    When "Cinema" is added on "TUCANO_MAIN"
    Then the effects are:
      | tucano | +option Cinema |
    And the subscription is in sync

  @files
  Scenario: A file that could not be sent in the night is sent by the first run of the day
    Given an effective subscription to "Sport" on conax
    And conax is down from 2999-01-01T22:00:00Z to 2999-01-02T02:00:00Z every day
    And "Cinema" was added on "CONAX_MAIN"
    And the processing ran on 2999-01-02T23:00:00Z
    When the processing runs on 2999-01-03T02:00:00Z
    Then conax receives exactly:
      | command           | transaction | product | cards  |
      | ADD_SUBSCRIPTIONS | 000003      | Cinema  | CARD-1 |
    And the effects are:
      | conax | +product Cinema until 2999-03-03 |

  @files
  Scenario: An answer that could not be fetched in the night is read by the first run of the day
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And the processing ran on 2999-01-01T21:00:00Z
    And conax is down from 2999-01-01T22:00:00Z to 2999-01-02T02:00:00Z
    And the error handling ran on 2999-01-01T23:00:00Z
    When the error handling runs on 2999-01-02T02:00:00Z
    Then the requests are:
      | type              | life_cycle_state |
      | ADD_SUBSCRIPTIONS | COMPLETED        |
    And the subscription is in sync
    And conax holds what it should
