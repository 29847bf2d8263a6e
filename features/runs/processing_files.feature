@files
Feature: The processing run sends files

  Scenario: What was left for later goes with what is missing
    Given a new subscription to "Sport" on conax
    And the mail "Good morning" was sent to "CARD-1" later
    When the processing runs on 2999-01-01
    Then the effects are:
      | conax | +mail Good morning              |
      | conax | +paired STB-1                   |
      | conax | +product Sport until 2999-03-01 |

  Scenario: What awaits its answer is not asked for again
    Given a new subscription to "Sport" on conax
    And the processing ran on 2999-01-01
    When the processing runs on 2999-01-02
    Then conax receives nothing
    And there are no effects

  Scenario: The platform has done it, but until it has said so the subscription is out of sync
    Given a new subscription to "Sport" on conax
    When the processing runs on 2999-01-01
    Then the subscription is out of sync
    And conax holds what it should

  Scenario: A provider that is not effective is sent nothing
    Given a new subscription to "Sport" on conax
    And the operator's files also say:
      """
      [[providers]]
      code = "conax"
      effective = false
      """
    When the processing runs on 2999-01-01
    Then conax receives nothing
    And there are no effects

  Scenario: Platforms that are called and one that takes files are both served
    Given an effective subscription to "Sport" on conax
    And somebody else has an effective subscription to "Sport" on irdeto
    And "Cinema" was added on "CONAX_MAIN"
    And the mail "Good morning" was sent to "STB-2" later
    When the processing runs
    Then the effects are:
      | conax  | +product Cinema until 2999-03-01 |
      | irdeto | +mail "Good morning"             |

  Scenario: A subscription that ends before the first run was never known to the platform
    Given a new subscription to "Sport" on conax
    And the subscription was terminated
    When the processing runs on 2999-01-01
    Then conax receives nothing

  Scenario: A usage service is authorised while its window lasts, and cancelled after it
    Given an effective subscription to "Sport" on conax
    And "Premiere" was ordered from 2999-01-02T20:00:00Z to 2999-01-03T02:00:00Z on "CONAX_MAIN"
    And the processing ran on 2999-01-02T20:00:00Z
    And the error handling ran
    And the maintenance ran on 2999-01-03T02:00:00Z
    When the processing runs
    Then the effects are:
      | conax | -product Premiere until 2999-03-02 |

  Scenario: What billing has queued goes onto the screens of its subscribers
    Given an effective subscription to "Sport" on conax
    And "Your invoice is due." was queued for BILLING
    When the bark runs
    Then the effects are:
      | conax | +screen Your invoice is due. |
