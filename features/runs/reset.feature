Feature: The reset run makes platforms follow the engine, for all who are out of sync

  Scenario Outline: After an outage one run sends what is missing
    Given an effective subscription to "Sport" on <platform>
    And <platform> is down
    And "Cinema" was added on "<place>"
    And service "Sport" was stopped
    When the trouble is over and the reset runs
    Then the effects are:
      | <platform> | -<right> Sport  |
      | <platform> | +<right> Cinema |
    And the requests are:
      | type  | life_cycle_state |
      | <off> | COMPLETED        |
      | <on>  | COMPLETED        |
    And the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | place        | right       | off                 | on                |
      | tucano   | TUCANO_MAIN  | option      | SUSPEND_OPTIONS     | ACTIVATE_OPTIONS  |
      | icareus  | ICAREUS_MAIN | product     | CANCEL_PRODUCTS     | ACTIVATE_PRODUCTS |
      | irdeto   | IRDETO_MAIN  | entitlement | REMOVE_ENTITLEMENTS | ADD_ENTITLEMENTS  |

  Scenario: It is for all platforms, and for everybody there
    Given tucano is down
    And icareus is down
    And irdeto is down
    And an effective subscription to "Sport" on tucano
    And the owner also has an effective subscription to "Cinema" on irdeto
    And somebody else has an effective subscription to "Religion" on icareus
    When the trouble is over and the reset runs
    Then the effects are:
      | tucano  | +account T100001                 |
      | tucano  | +material STB-1                  |
      | tucano  | +option Sport                    |
      | irdeto  | +client STB-2 sector IRDETO_MAIN |
      | irdeto  | +paired CARD-2                   |
      | irdeto  | +entitlement Cinema              |
      | icareus | +account 200001                  |
      | icareus | +device STB-3                    |
      | icareus | +product Religion                |

  Scenario: Who is in sync is left in peace
    Given an effective subscription to "Sport" on tucano
    And irdeto is down
    And somebody else has an effective subscription to "Sport" on irdeto
    When the trouble is over and the reset runs
    Then tucano receives nothing
    And the effects are:
      | irdeto | +client STB-2 sector IRDETO_MAIN |
      | irdeto | +paired CARD-2                   |
      | irdeto | +entitlement Sport               |

  Scenario: Its preview names what it will send, and changes nothing
    Given an effective subscription to "Sport" on tucano
    And somebody else has an effective subscription to "Sport" on tucano
    And tucano is down
    And "Cinema" was added on "TUCANO_MAIN"
    When the trouble is over and the reset runs as a preview
    Then the foreseen requests are:
      | subscription | request          |
      | S0000000001  | ACTIVATE_OPTIONS |
    And tucano receives nothing
    And the subscription is out of sync

  Scenario: What was in doubt is asked for again, and is not there twice
    Given an effective subscription to "Sport" on irdeto
    And irdeto loses the reply
    And "Cinema" was added on "IRDETO_MAIN"
    When the trouble is over and the reset runs
    Then there are no effects
    And the requests are:
      | type             | life_cycle_state |
      | ADD_ENTITLEMENTS | COMPLETED        |
    And the subscription is in sync
    And irdeto holds what it should

  Scenario: A second run finds nothing to do
    Given an effective subscription to "Sport" on tucano
    And tucano is down
    And "Cinema" was added on "TUCANO_MAIN"
    And the trouble is over and the reset ran
    When the reset runs
    Then tucano receives nothing
    And there are no requests

  Scenario: While the platform is still down, nothing is lost
    Given an effective subscription to "Sport" on tucano
    And tucano is down
    And "Cinema" was added on "TUCANO_MAIN"
    When the reset runs
    Then there are no effects
    And the requests are:
      | type             | life_cycle_state | error_code         |
      | ACTIVATE_OPTIONS | REJECTED         | CONNECTION_REFUSED |
    And the subscription is out of sync

  @files
  Scenario: Where files are taken it makes requests, and the processing sends them
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    When the reset runs
    Then there are no effects
    And the requests are:
      | type              | life_cycle_state | file |
      | ADD_SUBSCRIPTIONS | PENDING          |      |

  @files
  Scenario: What it has made is in the next files once, beside all that is missing anyway
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And the reset ran
    When the processing runs
    Then conax receives exactly:
      | command           | transaction | product | cards  |
      | ADD_SUBSCRIPTIONS | 000003      | Cinema  | CARD-1 |
