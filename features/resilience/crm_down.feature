Feature: The CRM is down while the platforms live

  Scenario Outline: A right whose time ends meanwhile goes off by itself where the platform knows until when it lasts
    Given an effective subscription to "Sport" on <platform>
    And "Boxing Night" was ordered from 2099-01-01T20:00:00Z to 2099-01-02T02:00:00Z on "<place>"
    And the engine was stopped on 2099-01-01T22:00:00Z
    And the engine was started again on 2099-01-05
    When the maintenance runs
    Then <platform> receives nothing
    And service "Boxing Night" is CANCELLED
    And the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | place       |
      | tucano   | TUCANO_MAIN |
      | irdeto   | IRDETO_MAIN |

  Scenario: Where it does not, the right outlives its time until the CRM is back
    Given an effective subscription to "Sport" on icareus
    And "Premiere" was ordered from 2099-01-01T20:00:00Z to 2099-01-02T02:00:00Z on "ICAREUS_MAIN"
    And the engine was stopped on 2099-01-01T22:00:00Z
    And the engine was started again on 2099-01-05
    When the maintenance runs
    Then the effects are:
      | icareus | -product Premiere |
    And the subscription is in sync
    And icareus holds what it should

  Scenario: What fell due meanwhile is done by the first maintenance
    Given an effective subscription to "Sport" on irdeto
    And it was scheduled for 2099-01-02 that service "Sport" is stopped
    And the engine was stopped on 2099-01-01
    And the engine was started again on 2099-01-05
    When the maintenance runs
    Then the effects are:
      | irdeto | -entitlement Sport |
    And the subscription is in sync
    And irdeto holds what it should

  Scenario Outline: What was left PENDING is sent by the start, however long the CRM was down
    Given an effective subscription to "Sport" on <platform>
    And the engine will be killed before sending
    And "Cinema" was added on "<place>"
    When the engine is started again on 2099-01-05
    Then the effects are:
      | <platform> | +<right> Cinema |
    And the subscription is in sync
    And <platform> holds what it should

    Examples:
      | platform | place        | right       |
      | icareus  | ICAREUS_MAIN | product     |
      | irdeto   | IRDETO_MAIN  | entitlement |

  @expects_refusals
  Scenario: A loss meanwhile is found out by the first refusal, and the reset rebuilds all
    Given an effective subscription to "Sport" on icareus
    And the engine was stopped
    And icareus has forgotten the account
    And the engine was started again on 2099-01-05
    And "Cinema" was added on "ICAREUS_MAIN"
    When the subscription is reset
    Then the subscription is in sync
    And icareus holds what it should

  @files
  Scenario: Authorisations that ran out meanwhile are added anew by the first processing
    Given an effective subscription to "Sport" on conax
    And the engine was stopped on 2999-01-05
    And the engine was started again on 2999-04-10
    When the processing runs
    Then the effects are:
      | conax | +product Sport until 2999-06-10 |

  @files
  Scenario: An answer that came meanwhile is read by the first error handling
    Given an effective subscription to "Sport" on conax
    And "Cinema" was added on "CONAX_MAIN"
    And conax answers an hour late
    And the processing ran
    And the engine was stopped
    And the engine was started again on 2999-01-05
    When the error handling runs
    Then the requests are:
      | type              | life_cycle_state |
      | ADD_SUBSCRIPTIONS | COMPLETED        |
    And the subscription is in sync
    And conax holds what it should
